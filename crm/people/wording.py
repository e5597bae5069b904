"""How a person is called in a sentence. Pure."""

# before a name they are part of how she is called: "Mrs. Example" stays whole
TITLES = frozenset(
    {
        *("mr", "mrs", "ms", "miss", "dr", "prof"),
        *("gospođa", "gospođica", "gđa", "gđica"),
        *("госпожа", "г-жа", "доктор"),
        *("السيدة", "السيد", "الآنسة", "الدكتورة", "الدكتور", "د"),
    }
)
# half a name: what follows belongs to it
HALVES = frozenset(("abd", "abdul", "abdel", "abu", "umm", "عبد", "أبو", "ابو", "أم", "ام"))
# the father's name in Russian; what stands before it is hers
FATHERS = ("вна", "ична", "вич", "ьич", "мич")


def first_name(name: str) -> str:
    """By which name she is greeted, of her whole one: “Vera Example”, “Example, Vera” and “Пример Вера Ивановна” are Vera.

    A name with a title or an initial stays as it is written: half of it would be wrong.
    """
    family, comma, given = name.partition(",")
    words = (given if comma and given.strip() else family).split()
    if not words or _bare(words[0]) in TITLES or len(_bare(words[0])) < 2:
        return name
    for father in range(1, len(words)):
        if words[father].casefold().endswith(FATHERS):
            return words[father - 1]
    if _bare(words[0]) in HALVES and len(words) > 1:
        return " ".join(words[:2])
    return words[0]


def _bare(word: str) -> str:
    return word.casefold().strip(".")
