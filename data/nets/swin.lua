-- Swin (Liu et al., arXiv:2103.14030, section 3): attention within windows, in every second block of windows moved by half a window. width 96 and
-- 2, 2, 6, 2 blocks: Swin-T. The sides must be multiples of 32 windows' pixels (224 for windows of 7).
local width = param("width", 96)
local depths = {param("blocks1", 2), param("blocks2", 2), param("blocks3", 6), param("blocks4", 2)}
local window = param("window", 7)
local area = window * window
local head = 32  -- channels of a head

-- What was `by` rows and columns further on, the sides joined.
local function roll(x, by)
  for axis = 1, 2 do
    local side = size(x, axis)
    x = concat({slice(x, axis, by % side, side), slice(x, axis, 0, by % side)}, axis)
  end
  return x
end

-- A picture's tokens, window by window, and back.
local function windows(x)
  local rows, columns = size(x, 1) // window, size(x, 2) // window
  local y = transpose(reshape(x, {size(x), rows, window, columns, window}), {1, 3, 2, 4, 0})
  return reshape(y, {rows * columns * area, size(x)})
end
local function unwindows(t, rows, columns)
  local y = reshape(t, {rows // window, columns // window, window, window, size(t, 1)})
  return reshape(transpose(y, {4, 0, 2, 1, 3}), {size(t, 1), rows, columns})
end

local function position_biases(heads)
  local reach = 2 * window - 1
  local places = {}
  for i = 0, area - 1 do
    for j = 0, area - 1 do
      places[#places + 1] = (i // window - j // window + window - 1) * reach + i % window - j % window + window - 1
    end
  end
  return reshape(gather(learned({heads, reach * reach}), 1, places), {1, heads, area, area})
end

-- What was moved in from the other side is not seen: four kinds of windows, those at the last rows, the last columns, both and neither.
local function masks(rows, columns, by)
  local function strange(i, j, last) return last and (i < window - by) ~= (j < window - by) end
  local numbers, kinds = {}, {}
  for kind = 0, 3 do
    for i = 0, area - 1 do
      for j = 0, area - 1 do
        local hidden = strange(i // window, j // window, kind // 2 == 1) or strange(i % window, j % window, kind % 2 == 1)
        numbers[#numbers + 1] = hidden and -100 or 0
      end
    end
  end
  for r = 1, rows do
    for c = 1, columns do kinds[#kinds + 1] = (r == rows and 2 or 0) + (c == columns and 1 or 0) end
  end
  return gather(constant(numbers, {4, 1, area, area}), 0, kinds)
end

local function attention(t, count, mask)
  local wide = size(t, 1)
  local heads = wide // head
  local all = transpose(reshape(linear(t, 3 * wide), {count, area, 3, heads, head}), {2, 0, 3, 1, 4})
  local function part(i) return reshape(slice(all, 0, i, i + 1), {count, heads, area, head}) end
  local scores = matmul(scale(part(0), head ^ -0.5), transpose(part(1), {0, 1, 3, 2}))
  scores = add(scores, position_biases(heads))
  if mask then scores = add(scores, mask) end
  local seen = transpose(matmul(softmax(scores, 3), part(2)), {0, 2, 1, 3})
  return linear(reshape(seen, {count * area, wide}), wide)
end

-- Tokens lie row by row between blocks.
local function block(t, rows, columns, by)
  local x = picture(layernorm(t), rows, columns)
  if by > 0 then x = roll(x, by) end
  local count = rows // window * (columns // window)
  local y = attention(windows(x), count, by > 0 and masks(rows // window, columns // window, by))
  y = unwindows(y, rows, columns)
  if by > 0 then y = roll(y, -by) end
  t = add(t, tokens(y))
  return add(t, linear(gelu(linear(layernorm(t), 4 * size(t, 1))), size(t, 1)))
end

-- Four neighbours side by side, then half as many channels.
local function merge(t, rows, columns)
  local x = picture(t, rows, columns)
  local parts = {}
  for column = 0, 1 do
    for row = 0, 1 do parts[#parts + 1] = slice(slice(x, 1, row, rows, 2), 2, column, columns, 2) end
  end
  return linear(layernorm(tokens(concat(parts))), 2 * size(t, 1), {bias = false})
end

local x = conv(image(), width, 4, {stride = 4, padding = 0, bias = true})
local rows, columns = size(x, 1), size(x, 2)
local t = layernorm(tokens(x))
for stage = 1, 4 do
  if stage > 1 then
    t = merge(t, rows, columns)
    rows, columns = rows // 2, columns // 2
  end
  for b = 1, depths[stage] do t = block(t, rows, columns, (b % 2 == 0 and rows > window) and window // 2 or 0) end
end
output("logits", linear(mean(layernorm(t), 0), param("classes", 1000)))
