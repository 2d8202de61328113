local x=input('x',3,6,6)
output('y', linear(flatten(gap(maxpool(x,3,2,1))),4))
