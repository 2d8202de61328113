local x=conv(input('x',3,4,4),4,1)
output('y', mul(x,sigmoid(conv(gap(x),4,1,{bias=true}))))
