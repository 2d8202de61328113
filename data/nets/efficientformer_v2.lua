-- EfficientFormerV2 (Li et al., arXiv:2212.08059, section 3, table 9): size = 0, 1, 2 is S0, S1, S2. Its two heads are averaged.
local variants = {
  {{32, 48, 96, 176}, {{4, 4}, {4, 4}, {4, 3, 3, 3, 4, 4}, {4, 3, 3, 4}}, 2},
  {{32, 48, 120, 224}, {{4, 4, 4}, {4, 4, 4}, {4, 4, 3, 3, 3, 3, 4, 4, 4}, {4, 4, 3, 3, 4, 4}}, 2},
  {{32, 64, 144, 288}, {{4, 4, 4, 4}, {4, 4, 4, 4}, {4, 4, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4}, {4, 4, 3, 3, 3, 3, 4, 4}}, 4}}
local variant = variants[param("size", 0) + 1]
local widths, expansions, attending = variant[1], variant[2], variant[3]
local heads = 8

local function norm_conv(x, out, kernel, o)
  o = o or {}
  return conv_bn(x, out, kernel, {stride = o.stride, groups = o.groups, bias = true, act = o.act})
end
local function depthwise(x, stride, act) return norm_conv(x, size(x), 3, {stride = stride, groups = size(x), act = act}) end

-- A bias for each pair of a query, every `step`th pixel, and a key, by the rows and columns between them.
local function position_biases(side, step)
  local queries = (side + step - 1) // step
  local places = {}
  for i = 0, queries * queries - 1 do
    for j = 0, side * side - 1 do
      places[#places + 1] = math.abs(i // queries * step - j // side) * side + math.abs(i % queries * step - j % side)
    end
  end
  return reshape(gather(learned({heads, side * side}), 1, places), {heads, queries * queries, side * side})
end

local function each_head(x) return reshape(x, {heads, size(x) // heads, size(x, 1) * size(x, 2)}) end
local function turned(x) return transpose(x, {0, 2, 1}) end

-- Multi-head attention over pixels; with stride 2 over a quarter of them, and enlarged behind.
local function attention(x, stride)
  local width, key, value = size(x), 32, 128
  if stride > 1 then x = depthwise(x, stride) end
  local rows, columns = size(x, 1), size(x, 2)
  local q, k = norm_conv(x, heads * key, 1), norm_conv(x, heads * key, 1)
  local v = norm_conv(x, heads * value, 1)
  local near = depthwise(v)
  local scores = add(scale(matmul(turned(each_head(q)), each_head(k)), key ^ -0.5), position_biases(rows, 1))
  scores = conv(scores, heads, 1, {bias = true})  -- heads talk before and behind the softmax
  scores = conv(softmax(scores, 2), heads, 1, {bias = true})
  local y = add(reshape(turned(matmul(scores, turned(each_head(v)))), {heads * value, rows, columns}), near)
  if stride > 1 then y = upsample(y, stride) end
  return norm_conv(gelu(y), width, 1)
end

-- The same with a quarter as many queries: of pixels in a window and of every second pixel.
local function attention_down(x, out)
  local key, value = 16, 64
  local every_second = slice(slice(x, 1, 0, size(x, 1), 2), 2, 0, size(x, 2), 2)
  local q = add(conv(x, size(x), 3, {stride = 2, groups = size(x), bias = true}), every_second)
  q = norm_conv(q, heads * key, 1)
  local k, v = norm_conv(x, heads * key, 1), norm_conv(x, heads * value, 1)
  local near = depthwise(v, 2)
  local scores = add(scale(matmul(turned(each_head(q)), each_head(k)), key ^ -0.5), position_biases(size(x, 1), 2))
  local seen = turned(matmul(softmax(scores, 2), turned(each_head(v))))
  return norm_conv(gelu(add(reshape(seen, {heads * value, size(near, 1), size(near, 2)}), near)), out, 1)
end

local function mlp(x, ratio)
  local y = depthwise(norm_conv(x, size(x) * ratio, 1, {act = gelu}), 1, gelu)
  return norm_conv(y, size(x), 1)
end

local x = norm_conv(image(), widths[1] // 2, 3, {stride = 2, act = gelu})
x = norm_conv(x, widths[1], 3, {stride = 2, act = gelu})
for stage = 1, 4 do
  if stage > 1 then
    local y = norm_conv(x, widths[stage], 3, {stride = 2})
    x = stage == 4 and add(attention_down(x, widths[stage]), y) or y
  end
  for b, ratio in ipairs(expansions[stage]) do
    if stage > 2 and b > #expansions[stage] - attending then x = add(x, layer_scale(attention(x, stage == 3 and 2 or 1))) end
    x = add(x, layer_scale(mlp(x, ratio)))
  end
end
local features = flatten(gap(bn(x)))
local classes = param("classes", 1000)
output("logits", scale(add(linear(features, classes), linear(features, classes)), 0.5))
