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

-- Convolution, norm, activation. `o`: conv's options; `act` a function, none: as it is.
function conv_bn(x, out, kernel, o)
  o = o or {}
  local y = bn(conv(x, out, kernel, {stride = o.stride, groups = o.groups, dilation = o.dilation, padding = o.padding}))
  return (o.act or identity)(y)
end

function depthwise_bn(x, kernel, o)
  return conv_bn(x, size(x), kernel, {stride = o.stride, groups = size(x), act = o.act})
end

-- Squeeze and excitation: each channel times a number from all of them (Hu et al., arXiv:1709.01507, section 3).
function excite(x, reduced, act, gate)
  local y = act(conv(gap(x), reduced, 1, {bias = true}))
  return mul(x, (gate or sigmoid)(conv(y, size(x), 1, {bias = true})))
end

-- An inverted residual (Sandler et al., arXiv:1801.04381, section 3.3): wide inside, narrow outside. `o`: out, kernel, stride, wide (channels
-- inside), act, reduced (of excitation, if any), gate, skip (false: no shortcut).
function inverted(x, o)
  local y = x
  if o.wide ~= size(x) then y = conv_bn(x, o.wide, 1, {act = o.act}) end
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
function classify(x, classes)
  output("logits", linear(flatten(gap(x)), classes))
end

function image() return input("image", 3, param("resolution", 224), param("resolution", 224)) end
