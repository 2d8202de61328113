local x=conv(input('x',3,5,5),4,1)
output('y', add(relu6(conv(x,4,3,{groups=4,stride=1})),x))
