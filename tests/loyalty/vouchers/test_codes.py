"""Voucher codes: what a slip of one character cannot get past (rules.md, Vouchers)."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty.vouchers.codes import ALPHABET, LENGTH, check_character, new_code, read_code

BODIES = st.text(alphabet=ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)


def test_alphabet_is_crockfords():
    assert ALPHABET == "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_check_character_of_known_codes():
    # weights 3, 5, 7, ...: 1 in the first place adds 3, so the check is 32 - 3 = 29, which is X
    assert check_character("000000000") == "0"
    assert check_character("100000000") == "X"
    # 1 in the ninth place adds 19: 32 - 19 = 13 is D
    assert check_character("000000001") == "D"


def test_new_codes_are_ten_characters_that_check():
    codes = {new_code() for _number in range(200)}

    assert len(codes) == 200
    assert all(len(code) == 10 and read_code(code) == code for code in codes)


@given(BODIES)
def test_every_single_wrong_character_is_caught(body):
    code = body + check_character(body)

    for place in range(LENGTH):
        for wrong in ALPHABET:
            if wrong != code[place]:
                assert read_code(code[:place] + wrong + code[place + 1 :]) is None


def test_case_blanks_and_look_alikes_do_not_matter():
    code = "1000000001"
    code = code[:9] + check_character(code[:9])

    assert read_code(f" {code[:5].lower().replace('1', 'l').replace('0', 'o')}-{code[5:]} ") == code


def test_what_cannot_be_a_code_is_none():
    for typed in ("", "abc", "U000000000", "0" * 11, "'; DROP TABLE", "٠" * 10, "００００００００００"):
        assert read_code(typed) is None
