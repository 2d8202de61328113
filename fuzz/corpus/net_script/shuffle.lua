local x=input('x',4,3,3)
x=reshape(transpose(reshape(x,{2,2,3,3}),{1,0,2,3}),{4,3,3})
output('y', softmax(flatten(concat({slice(x,0,0,2),pad_channels(x,1,1)},0)),0))
