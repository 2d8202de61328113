output('y', relu(bn(conv(input('x', 3, 5, 4), 4, 3))))
