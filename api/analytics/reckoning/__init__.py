"""How the figures are made from turns: with each call that ends, and all of them again by night."""
