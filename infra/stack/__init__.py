"""The local stack: the command `avaaz`, which runs every part of the product on one machine.

Starts the other packages as processes and imports none of them.
"""
