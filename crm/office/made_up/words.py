"""What the made-up salon offers and how its people are called. Nobody here is real."""

FIRST_NAMES = (
    "Amra", "Lejla", "Selma", "Ajla", "Emina", "Nejra", "Ilma", "Hana", "Merima", "Sanela", "Azra", "Dina",
    "Анна", "Мария", "Ольга", "Дарья", "Ирина", "Наталья", "Вера", "Юлия", "Полина", "Софья", "Елена", "Таисия",
    "Emma", "Olivia", "Grace", "Hazel", "Ivy", "Ruby", "Nora", "Clara", "Alice", "Rose", "June", "Maud",
    "ليلى", "سارة", "نور", "مريم", "هدى", "زينب", "رنا", "دانا", "أمل", "فرح", "سلمى", "ريم",
)  # fmt: skip
LAST_NAMES = (
    "Made-Up", "Invented", "Pretend", "Placeholder", "Imaginary", "Sample", "Paper", "Nobody",
    "Izmišljena", "Probna", "Primjer", "Zamisao", "Выдуманная", "Примерова", "Пробная", "Небыль",
    "مثال", "تجربة", "خيالية", "نموذج",
)  # fmt: skip
LANGUAGES = ("bs", "ru", "en", "ar")
SOURCES = ("", "", "friend", "sign", "Instagram", "search", "partner")

# code, name, category, minutes, price, usual return, ask after, one-off
SERVICES = (
    ("LASH-C", "Lashes, classic", "Lashes", 90, 60, 21, 5, False),
    ("LASH-V", "Lashes, volume", "Lashes", 120, 85, 21, 5, False),
    ("LASH-R", "Lashes, refill", "Lashes", 60, 45, 21, 5, False),
    ("LASH-OFF", "Lashes, removal", "Lashes", 30, 15, None, None, True),
    ("BROW-S", "Brows, shape", "Brows", 30, 20, 28, None, False),
    ("BROW-T", "Brows, tint", "Brows", 30, 25, 28, None, False),
    ("BROW-L", "Brows, lamination", "Brows", 60, 50, 42, 7, False),
    ("CUT-W", "Cut, women", "Hair", 60, 45, 42, 7, False),
    ("CUT-M", "Cut, men", "Hair", 30, 25, 28, None, False),
    ("CUT-K", "Cut, children", "Hair", 30, 18, 56, None, False),
    ("COLOR-R", "Colour, roots", "Hair", 90, 65, 35, 7, False),
    ("COLOR-F", "Colour, full", "Hair", 120, 95, 56, 7, False),
    ("HIGH", "Highlights", "Hair", 120, 120, 84, 7, False),
    ("BLOW", "Blowdry", "Hair", 45, 28, 14, None, False),
    ("NAIL-G", "Nails, gel", "Nails", 90, 40, 24, 6, False),
    ("NAIL-C", "Nails, classic", "Nails", 60, 25, 18, None, False),
    ("PEDI", "Pedicure", "Nails", 60, 38, 35, None, False),
    ("FACE", "Facial", "Skin", 60, 55, 30, 3, False),
    ("BRIDE", "Bridal make-up", "Make-up", 120, 180, None, 3, True),
    ("TALK", "Consultation", "Make-up", 30, 0, None, None, True),
)
PRODUCTS = tuple(
    (f"P{number:02d}", f"{what} no. {number}", 6 + 3 * (number % 9))
    for number, what in enumerate(
        ("Shampoo", "Conditioner", "Oil", "Serum", "Balm", "Mask", "Brush", "Spray", "Cream", "Polish") * 2, start=1
    )
)
STORIES = (
    "Her daughter has an exam soon",
    "Moves into a new flat",
    "Training for a half marathon",
    "Her sister is getting married",
    "Learns to play the cello",
)
