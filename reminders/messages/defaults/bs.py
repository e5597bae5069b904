"""Bosanski."""

from reminders.messages.defaults.shape import Words

PHRASES = {
    "greeting": "{form:Dobar dan, {name},|Zdravo, {name},}",
    "greeting_nameless": "{form:Dobar dan,|Zdravo,}",
    "hello": "{form:Dobar dan, {name}!|Zdravo, {name}!}",
    "hello_nameless": "{form:Dobar dan!|Zdravo!}",
    "closing": "Srdačno,\n{salon}",
    "visit": "{form:Vaš termin|tvoj termin}",
    "with": "radi: {master}",
    "duration": "oko {duration}",
    "salon_time": "{hour} (vrijeme: {city})",
    "question": "Kako se sve drži?",
    "good": "Sve je odlično",
    "mend": "Treba nešto popraviti",
    "alarm": "Nešto nije u redu",
    "safety": "Za sada ne dirajte ništa: ne trljajte i ništa ne nanosite. Ako je teško disati, ako lice otiče ili se vid mijenja, odmah pozovite hitnu pomoć. Inače ćemo mi nazvati još danas.",
    "slots": "{form:Ako želite|Ako želiš} doći ponovo, upravo su slobodni ovi termini:",
    "instead": "Za {form:Vas|tebe} su upravo slobodni ovi termini:",
    "wishes_on": "Sretan rođendan!",
    "wishes_before": "Bliži se {form:Vaš|tvoj} rođendan.",
    "cause_tenth": "{form:Bili ste|{gender:Bila si|Bio si|Dolaziš}} kod nas već deset puta. Primijetili smo i baš nam je drago.",
    "cause_friend": "Zahvaljujući {form:Vama|tebi} došao nam je neko nov. Ljepše se o nama ne može reći.",
    "cause_complaint": "Iskreno nam je rečeno šta nije bilo u redu i dobili smo priliku da to popravimo. To ne radi svako.",
    "waiting_kept": "Čuvamo ga za {form:Vas|tebe} do {until}.",
    "waiting_first": "Pitali smo više osoba koje čekaju: dobija ga ko se prvi javi.",
    "why_answer": "Ovo je odgovor na {form:Vašu|tvoju} poruku.",
    "meant_appointment": "Ako se radi o terminu ({when}), ovdje se može pomjeriti ili otkazati:",
    "with_friend": "dva, za {form:Vas|tebe} i gosta",
    "why_service": "Ovo {form:dobijate|dobijaš} jer kod nas {form:imate|imaš} termin ili bodove.",
    "why_asked": "Pišemo na {form:Vašu|tvoju} molbu.",
    "why_care": "Ovo {form:dobijate|dobijaš} zbog nedavne posjete kod nas.",
    "why_marketing": "Ovo {form:dobijate|dobijaš} jer imamo {form:Vaše|tvoje} dopuštenje da pišemo.",
    "by_itself": "Preko linka ispod popust se obračuna sam.",
    "any_service": "koju god uslugu {form:izaberete|izabereš}",
    "for_services": "ako je to {services}",
    "quiet_hours": "Popust vrijedi u sate kada je kod nas obično mirnije.",
    "policy": "Ako dolazak nije moguć, {form:javite|javi} nam, molimo, najmanje {duration} ranije, da termin može dobiti neko drugi.",
    "code": "{code} je kod za rezervaciju.\n\n{form:Upišite|Upiši} ga tamo gdje se zakazuje termin kod {salon}; vrijedi {minutes} min. Ako ništa ne {form:zakazujete|zakazuješ}, neko je možda pogriješio adresu: ne treba ništa uraditi.",
    "code_subject": "{code} je kod za {salon}",
    "code_sms": "{code} je kod za rezervaciju kod {salon}. Vrijedi {minutes} min.",
    "why_code": "Ovo je stiglo jer je neko upisao ovu adresu na našoj stranici za rezervacije.",
}

TEXTS = {
    "reassurance": Words(
        subject="Hvala, izbor je bio pravi",
        body="""Hvala na posjeti. Mislimo da je izbor bio baš pravi i nadamo se da {form:Vas|te} na to podsjeti svako ogledalo.

Da tako i ostane:
{care_guide}

Šta kažu drugi koji su izabrali isto:
{quotes}

A ako nešto nije onako kako {form:ste zamislili|{gender:si zamislila|si zamislio|je zamišljeno}}, {form:recite|reci} nam. Rado ćemo popraviti.""",
        button="Sve na jednoj stranici",
        sms="{hello} Hvala na posjeti, izbor je pravi. Kako da tako ostane: {link} {salon}",
    ),
    "feedback": Words(
        subject="Kako je bilo, iskreno?",
        body="""{form:Bili ste kod nas {visit_day}.|{gender:Bila si kod nas {visit_day}.|Bio si kod nas {visit_day}.|Posjeta je bila {visit_day}.}} Kako je bilo?

Dovoljan je jedan broj od 0 do 10, i poneka riječ ako {form:želite|želiš}. Što je prijalo, čuvamo. Što nije, želimo saznati prvi.""",
        button="Moje mišljenje",
        sms="{hello} Kako je bilo, iskreno? Jedan broj od 0 do 10: {link} {salon}",
    ),
    "lashes": Words(
        subject="{question}",
        body="""{question}

Dovoljan je jedan dodir. Ako treba nešto popraviti, popravit ćemo; zato smo tu.

{offer}""",
        button="Odgovor jednim dodirom",
        sms="{hello} {question} Dovoljan je jedan dodir: {link} {salon}",
    ),
    "due_soon": Words(
        subject="Je li opet vrijeme?",
        body="""Po našem računu uskoro je vrijeme za {form:Vaš|tvoj} sljedeći termin. Najbolji termini odu prvi, pa evo ih prije nego što ih neko uzme.

{offer}""",
        button="Izbor termina",
        sms="{hello} Uskoro je vrijeme za sljedeći termin. Slobodno je: {link} {salon}",
    ),
    "win_back": Words(
        subject="{form:Nedostajete nam|Nedostaješ nam}",
        body="""Dugo se nismo vidjeli i baš nam {form:nedostajete|nedostaješ}.

{form:Dođite|Dođi} nam ponovo: sljedeća posjeta je {percent} jeftinija, {for_what}.

Kod je {code}. Vrijedi uz rezervaciju do {book_until} i dolazak do {valid_until}.

{limits}

{by_itself}

A ako prošli put nešto nije bilo kako treba, {form:recite|reci} nam, molimo. Draže nam je da znamo.

{offer}""",
        button="Želim doći",
        sms="""{hello} {form:Nedostajete|Nedostaješ} nam.
Sljedeća posjeta {percent} jeftinija: rezervacija do {book_until}, kod {code}.
{limits}
Izbor termina: {link} {salon}""",
    ),
    "second_win_back": Words(
        subject="{form:Vaše mjesto Vas čeka|Tvoje mjesto te čeka}",
        body="""Još samo jednom, pa {form:Vas|te} više ne uznemiravamo: ovdje {form:nedostajete|nedostaješ}.

Popust {percent} je i dalje {form:Vaš|tvoj}. Čuvamo ga do {valid_until}; kod je {code}.

{limits}

Kad god {form:poželite|poželiš}, rado ćemo {form:Vas|te} vidjeti.

{offer}""",
        button="Izbor termina",
        sms="""{hello} {form:Nedostajete|Nedostaješ} nam.
Popust {percent} čeka do {valid_until}, kod {code}.
{limits}
Izbor termina: {link} {salon}""",
    ),
    "birthday": Words(
        subject="Za rođendan",
        body="""{wishes}

Želimo {form:Vam|ti} godinu punu dobrih dana, i u svakom malo vremena za sebe.

Kod nas čeka poklon: {gift}. Može se preuzeti do {valid_until}; kod je {code}.""",
        button="Izbor dana",
        sms="""{hello} {wishes}
Poklon čeka do {valid_until}: {gift}.
{link} {salon}""",
    ),
    "reminder_24h": Words(
        subject="Vidimo se: {day}, {hour}",
        body="""Radujemo se {form:Vašem|tvom} dolasku.

{details}

Je li termin i dalje u redu? {form:Potvrdite|Potvrdi} jednim dodirom. Ako je nešto iskrslo, pomjeriti ili otkazati je jednako lako, a neko drugi će se obradovati.""",
        button="Potvrda ili promjena",
        sms="""{hello} Vidimo se: {day}, {hour}, {master}.
{address}.
Potvrda ili promjena: {link} {salon}""",
    ),
    "reminder_2h": Words(
        subject="Vidimo se danas u {hour}",
        body="""Još samo malo.

{details}

{form:Kasnite? Javite|Kasniš? Javi} nam, snaći ćemo se.""",
        button="{form:Vaš termin|Tvoj termin}",
        sms="""{hello} Vidimo se danas u {hour}, {master}.
{address}.
{link} {salon}""",
    ),
    "confirmation": Words(
        subject="Termin: {day}, {hour}",
        body="""Dogovoreno, radujemo se {form:Vašem|tvom} dolasku.

{details}

A zatim:
{series}

Vrijeme je u datoteci uz ovo pismo: jedan dodir i u kalendaru je. Ako se planovi promijene, može i termin.""",
        button="{form:Vaš termin|Tvoj termin}",
        sms="""{hello} Termin: {day}, {hour}, {master}.
{address}.
Zatim: {dates}.
Promjena ili otkazivanje: {link} {salon}""",
    ),
    "change": Words(
        subject="Novo vrijeme: {day}, {hour}",
        body="""{form:Vaš|Tvoj} termin ima novo vrijeme.

{details}

Pomjeraju se i:
{series}

Trebalo je biti: {before}.

Ako ne odgovara, {form:izaberite|izaberi} drugo; traje minutu.""",
        button="{form:Vaš termin|Tvoj termin}",
        sms="""{hello} Novo vrijeme: {day}, {hour}, {master}.
Pomjeraju se i: {dates}.
Ne odgovara? {link} {salon}""",
    ),
    "cancellation": Words(
        subject="Otkazano: {day}, {hour}",
        body="""Termin je otkazan: {day}, {hour}.

Otkazuju se i:
{series}

Ako {form:želite|želiš} drugo vrijeme, slobodni termini su na jedan dodir. Bit će nam drago.""",
        button="Drugo vrijeme",
        sms="""{hello} Termin je otkazan: {day}, {hour}.
Otkazuju se i: {dates}.
Drugo vrijeme: {link} {salon}""",
    ),
    "master_ill": Words(
        subject="Jako nam je žao: {day}, {hour}",
        body="""Jako nam je žao: {master} ne može doći zbog bolesti. Ne može se održati termin: {day}, {hour}.

{offer}

Ako ništa ne odgovara, svi ostali slobodni termini su na jedan dodir. Bodovi i vaučeri čekaju {form:Vas|te}.

Kao malo izvinjenje, sljedeća posjeta je {percent} jeftinija uz dolazak do {valid_until}. Popust se obračuna sam.""",
        button="Drugo vrijeme",
        sms="{hello} Jako nam je žao: {master} ne može doći zbog bolesti. Otkazuje se termin: {day}, {hour}. Drugo vrijeme: {link} {salon}",
    ),
    "master_late": Words(
        subject="Danas u {hour}, {form:izvinite|izvini}",
        body="""Jako nam je žao: {master} kasni. Termin počinje u {hour}.

{details}

Trebalo je biti: {before}.

Ako to ne odgovara, {form:izaberite|izaberi} drugo vrijeme ili {form:otkažite|otkaži}; dovoljan je jedan dodir.

Kao malo izvinjenje, sljedeća posjeta je {percent} jeftinija uz dolazak do {valid_until}. Popust se obračuna sam.""",
        button="{form:Vaš|Tvoj} termin",
        sms="{hello} Jako nam je žao: {master} kasni, termin počinje u {hour}. Ne odgovara? {link} {salon}",
    ),
    "points_expiring": Words(
        subject="Bodovi čekaju do {expires}",
        body="""Bodovi na {form:Vašem|tvom} računu: {points}. Vrijede do {expires}.

Pri sljedećoj posjeti to je {worth}. Šteta bi bilo da propadnu.""",
        button="{form:Vaša stranica|Tvoja stranica}",
        sms="{hello} Bodovi ({points}) vrijede do {expires}. {link} {salon}",
    ),
    "card_review": Words(
        subject="{form:Vaša|Tvoja} kartica do {until}",
        body="""{form:Vaša|Tvoja} kartica kod nas: {level}, popust {discount} pri svakoj posjeti.

Jednom godišnje je pogledamo iznova, ovaj put {until}. Da sve ostane kako jeste, do tada je dovoljno {missing}.

A ako ne bude tako, kartica svejedno ostaje, samo s manjim popustom. Radujemo {form:Vam|ti} se kao i uvijek.""",
        button="{form:Vaša stranica|Tvoja stranica}",
        sms="""{hello} {form:Vaša|Tvoja} kartica ({level}, popust {discount}): {until} je gledamo iznova.
Još {missing} do tada i sve ostaje kako jeste. {link} {salon}""",
    ),
    "thanks": Words(
        subject="Hvala",
        body="""{cause}

Samo smo htjeli reći hvala. Zbog ovakvih ljudi otvaramo svako jutro.""",
        button="{form:Vaša stranica|Tvoja stranica}",
        sms="""{hello}
{cause}
Hvala! {salon}""",
    ),
    "waiting_offer": Words(
        subject="Oslobodio se termin: {day}, {hour}",
        body="""{form:Čekate|Čekaš} slobodan termin, i jedan se upravo oslobodio:

{details}

Zamijenio bi termin: {before}.

{terms}

Dovoljan je jedan dodir, za da ili za ne. Ako ne odgovara, mjesto na listi ostaje {form:Vaše|tvoje}.""",
        button="{form:Pogledajte|Pogledaj} termin",
        sms="{hello} Oslobodio se termin: {day}, {hour}, {master}. {terms} {link} {salon}",
    ),
    "waiting_taken": Words(
        subject="Neko je bio malo brži",
        body="""U međuvremenu je zauzet termin: {day}, {hour}. Žao nam je: pitali smo više osoba koje čekaju i neko se javio prvi.

{form:Vaše|Tvoje} mjesto na listi ostaje, i javljamo se čim se oslobodi drugi termin.""",
        button="{form:Vaše|Tvoje} mjesto na listi",
        sms="{hello} Zauzet je termin: {day}, {hour}. Neko je bio malo brži. {form:Vaše|Tvoje} mjesto na listi ostaje. {link} {salon}",
    ),
    "event_place": Words(
        subject="Mjesto za {form:Vas|tebe}: {event}",
        body="""Oslobodilo se mjesto i sada je {form:Vaše|tvoje}:

{details}

Ako ipak ne bude moguće doći, jedan dodir daje mjesto nekome ko čeka.""",
        button="{form:Pogledajte|Pogledaj}",
        sms="{hello} Mjesto za {form:Vas|tebe}: „{event}”, {day}, {hour}. Dolazak nije moguć? Jedan dodir: {link} {salon}",
    ),
    "event_reminder": Words(
        subject="Vidimo se uskoro: {event}",
        body="""Radujemo se {form:Vašem|tvom} dolasku:

{details}

Mjesta: {friend}.

Ako se nešto promijenilo, jedan dodir daje mjesto nekome ko čeka.""",
        button="{form:Pogledajte|Pogledaj}",
        sms="{hello} Radujemo se {form:Vašem|tvom} dolasku: „{event}”, {day}, {hour}. {link} {salon}",
    ),
    "event_off": Words(
        subject="Neće se održati: {event}",
        body="""Žao nam je: neće se održati „{event}”.

{details}

Ništa nije potrebno uraditi. Radujemo se {form:Vašem|tvom} dolasku sljedeći put.""",
        button="",
        sms="{hello} Žao nam je: neće se održati „{event}”, {day}, {hour}. {link} {salon}",
    ),
    "opt_out": Words(
        subject="U redu",
        body="""U redu: ovakvih poruka više neće biti.

Ostaje samo ono što se tiče {form:Vaših|tvojih} termina. Predomisliti se, ili dobijati još manje, može se jednim dodirom.

{offer}""",
        button="Izbor poruka",
        sms="""U redu: ovakvih poruka od {salon} više neće biti, samo o terminima. Promjena: {link}
{offer}""",
    ),
}
