"""Speed, measured: each piece of work beside a floor that does the unavoidable part only (`bench`)."""
