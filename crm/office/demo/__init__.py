"""The made-up salon in which every practice can be seen alive (contracts.md, `make run`).

Everybody in it is invented: addresses at example.test, numbers +38761100xxx, surnames that say so.
"""

# what the salon's own rows are known by, so that nothing a person has added is ever touched
MARK = "demo-"
SEED = 20_181
