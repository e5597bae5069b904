"""Public holidays of a country, as known to the `holidays` package. No database."""

from datetime import date

from holidays import country_holidays, list_supported_countries


def is_known(country: str) -> bool:
    """Whether anything is known of this country (two capital letters)."""
    return country in list_supported_countries(include_aliases=False)


def public_holidays(*, country: str, year: int, language: str) -> dict[date, str]:
    """The days of that year on which the whole country is off, with their names; none of an unknown country.

    Names are in this language where the package has it, else in English, else in the country's own.
    Days of single regions are left out: they are not everybody's. Days that follow the moon are estimates.
    """
    if not is_known(country):
        return {}
    spoken = country_holidays(country).supported_languages
    wanted = next((each for each in (language, "en_US", "en") if each in spoken), None)
    return dict(sorted(country_holidays(country, years=year, language=wanted).items()))
