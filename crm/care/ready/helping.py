"""Small things that a salon helps out with (practices.md, P33)."""

HELPS = (
    ("Umbrella", "Зонт", "Kišobran", "مظلة"),
    ("Broken heel", "Сломанный каблук", "Slomljena peta", "كعب مكسور"),
    ("Phone charger", "Зарядка для телефона", "Punjač za telefon", "شاحن هاتف"),
    ("Taxi", "Такси", "Taksi", "سيارة أجرة"),
    ("Needle and thread", "Иголка с ниткой", "Igla i konac", "إبرة وخيط"),
    ("Plaster", "Пластырь", "Flaster", "لاصق جروح"),
    ("Tights", "Колготки", "Najlonke", "جوارب نسائية"),
    ("Something for the child", "Занять ребёнка", "Nešto za dijete", "شيء للطفل"),
)
