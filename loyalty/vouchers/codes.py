"""Voucher codes: ten characters of Crockford's base 32, the last one a check (rules.md, Vouchers)."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
# letters that people read and type for others
ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})


def new_code() -> str:
    """A random code: 45 bits that nobody guesses, and the check."""
    body = "".join(secrets.choice(ALPHABET) for _position in range(LENGTH - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """The character that makes the weighted sum come out at zero.

    Every weight is odd, so no difference of a single character vanishes modulo 32:
    any one wrong character is caught, the check itself included.
    """
    total = sum((2 * place + 3) * ALPHABET.index(character) for place, character in enumerate(body))
    return ALPHABET[-total % len(ALPHABET)]


def read_code(typed: str) -> str | None:
    """The code as it is stored, whatever case, blanks and look-alikes were typed; None if it cannot be one."""
    code = typed.strip().upper().translate(ALIKE)
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return None
    return code if check_character(code[:-1]) == code[-1] else None
