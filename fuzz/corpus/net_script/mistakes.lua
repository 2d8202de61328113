local x = input('image', 3, 8, 8)
if size(x) > 3 then error('no') end
x = conv(x, 4, 3, {groups = 2})
