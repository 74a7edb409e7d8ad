"""Measuring programs (`avaaz bench NAME`): they speak to the product from outside, as a device does."""
