"""How a person is called: at the desk without a name, in a greeting by the first one."""

import pytest

from crm.people.models import Client
from crm.people.wording import first_name


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"called": "Evie", "name": "Eve Example"}, "Evie"),
        ({"name": "Eve Example"}, "Eve Example"),
        # a code that was made up here says nothing to anybody
        ({"code": "C0123456789", "phone": "+38761100777"}, "Telephone ending in 0777"),
        ({"code": "C0123456789", "email": "eve@example.test"}, "eve@example.test"),
        ({"code": "C0123456789"}, "A visitor without a name"),
        # one of the old records is known by heart
        ({"code": "0417", "phone": "+38761100777"}, "0417"),
    ],
)
def test_who_gave_no_name_is_called_by_what_she_is_known_by(known, shown):
    assert Client(**{"code": "C0123456789", **known}).shown_name == shown


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Vera Example", "Vera"),
        ("Example, Vera", "Vera"),
        ("Vera", "Vera"),
        ("", ""),
        ("Вера Ивановна Примерова", "Вера"),
        ("Примерова Вера Ивановна", "Вера"),
        ("Anna-Maria Example", "Anna-Maria"),
        # half of these would be another name, or none
        ("عبد الله مثال", "عبد الله"),
        ("Abu Bakr Example", "Abu Bakr"),
        ("Mrs. Example", "Mrs. Example"),
        ("V. Example", "V. Example"),
    ],
)
def test_she_is_greeted_by_her_first_name(name, greeted):
    assert first_name(name) == greeted
