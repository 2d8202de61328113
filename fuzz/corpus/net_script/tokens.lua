local x=reshape(input('x',4,2,3),{4,6})
output('y', linear(transpose(x,{1,0}),3))
