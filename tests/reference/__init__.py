"""An independent reading of the rules, for the tests to hold the product against.

Pure standard library. Nothing here imports the product and nothing here was written by looking at
it: what makes the comparison worth something is that the two readings do not share a mistake.
"""
