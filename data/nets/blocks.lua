-- What descriptions of nets share; run before each of them.

-- The nearest multiple of `by`, not below nine tenths of x.
function divisible(x, by)
  by = by or 8
  local near = math.max(by, (x + by / 2) // by * by)
  if near < 0.9 * x then near = near + by end
  return math.tointeger(near)
end

function round(x) return math.tointeger(math.floor(x + 0.5)) end

function identity(x) return x end

-- Convolution, norm, activation. `o`: conv's options; `norm`, `epsilon` the norm's; `act` a function, none: as it is.
function conv_bn(x, out, kernel, o)
  o = o or {}
  local y = conv(x, out, kernel, {stride = o.stride, groups = o.groups, dilation = o.dilation, padding = o.padding, same = o.same,
                                  bias = o.bias, name = o.name})
  return (o.act or identity)(bn(y, {name = o.norm, epsilon = o.epsilon}))
end

function depthwise_bn(x, kernel, o)
  o = o or {}
  return conv_bn(x, size(x), kernel, {stride = o.stride, groups = size(x), act = o.act, bias = o.bias, same = o.same, name = o.name,
                                      norm = o.norm, epsilon = o.epsilon})
end

-- A convolution as it is deployed, its norm folded into it.
function conv_act(x, out, kernel, o)
  o = o or {}
  return (o.act or identity)(conv(x, out, kernel, {stride = o.stride, groups = o.groups, padding = o.padding, bias = true}))
end

-- Each channel times a number of its own (Touvron et al., arXiv:2103.17239, section 2).
function layer_scale(x) return mul(x, learned({size(x), 1, 1})) end

-- A norm over the channels of each pixel.
function layernorm2d(x) return transpose(layernorm(transpose(x, {1, 2, 0})), {2, 0, 1}) end

-- A picture's pixels as tokens, and back.
function tokens(x) return transpose(reshape(x, {size(x), size(x, 1) * size(x, 2)}), {1, 0}) end
function picture(x, rows, columns) return reshape(transpose(x, {1, 0}), {size(x, 1), rows, columns}) end

-- Squeeze and excitation: each channel times a number from all of them (Hu et al., arXiv:1709.01507, section 3).
function excite(x, reduced, act, gate, reduce_name, expand_name)
  local y = act(conv(gap(x), reduced, 1, {bias = true, name = reduce_name}))
  return mul(x, (gate or sigmoid)(conv(y, size(x), 1, {bias = true, name = expand_name})))
end

-- An inverted residual (Sandler et al., arXiv:1801.04381, section 3.3): wide inside, narrow outside. `o`: out, kernel, stride, wide (channels
-- inside), expand (true: even to as many), act, reduced (of excitation, if any), gate, skip (false: no shortcut).
function inverted(x, o)
  local y = x
  if o.expand or o.wide ~= size(x) then y = conv_bn(x, o.wide, 1, {act = o.act}) end
  y = depthwise_bn(y, o.kernel, {stride = o.stride, act = o.act})
  if o.reduced then y = excite(y, o.reduced, o.excite_act or o.act, o.gate) end
  y = conv_bn(y, o.out, 1)
  if (o.stride or 1) == 1 and size(x) == o.out and o.skip ~= false then y = add(y, x) end
  return y
end

-- Depthwise, then pointwise; `act_behind`: after the second, too.
function separable(x, o)
  local y = depthwise_bn(x, o.kernel, {stride = o.stride, act = o.act})
  if o.reduced then y = excite(y, o.reduced, o.excite_act or o.act, o.gate) end
  y = conv_bn(y, o.out, 1, {act = o.act_behind and o.act or nil})
  if (o.stride or 1) == 1 and size(x) == o.out and o.skip then y = add(y, x) end
  return y
end

-- Pooled, then classes.
function classify(x, classes, name)
  output("logits", linear(flatten(gap(x)), classes, {name = name}))
end

function image() return input("image", 3, param("resolution", 224), param("resolution", 224)) end
