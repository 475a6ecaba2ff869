"""Where the record of this process is, for what reads it past Django."""

from django.db import connection

from tautband.clinic.audit.served import driver


def address() -> str:
    """How libpq finds the PostgreSQL database that Django uses; empty for the file in the data folder."""
    if connection.vendor != "postgresql":
        return ""
    given = connection.settings_dict
    words = {"dbname": given["NAME"], "user": given["USER"], "password": given["PASSWORD"]}
    words |= {"host": given["HOST"], "port": given["PORT"], **given["OPTIONS"]}
    made: str = driver().conninfo.make_conninfo("", **{name: value for name, value in words.items() if value})
    return made
