"""Django's SQLite backend over SQLCipher: the same SQL, another driver, and the key as the first word."""

import datetime
import decimal
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3._functions import register as register_functions
from django.utils.asyncio import async_unsafe
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from tautband.clinic.vault.files import driver, key_of, settle, unlock
from tautband.clinic.vault.key import checked, passphrase, pragma_key
from tautband.clinic.vault.turning import fresh_salt

Database = driver()

# As Django registers them with the standard library's driver, so that the same values come back.
Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", base.decoder(parse_date))
Database.register_converter("time", base.decoder(parse_time))
Database.register_converter("datetime", base.decoder(parse_datetime))
Database.register_converter("timestamp", base.decoder(parse_datetime))
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, base.adapt_date)
Database.register_adapter(datetime.datetime, base.adapt_datetime)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections that open with the key of the file; everything else is Django's."""

    Database = Database
    display_name = "SQLite, closed"
    _key: str | None = None

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open, unlock, and set up as Django does. Raises VaultNotOpen."""
        key = self._file_key(conn_params["database"])
        connection = Database.connect(**{**conn_params, "database": str(conn_params["database"])})
        unlock(connection, key)
        register_functions(connection)
        for command in ("PRAGMA foreign_keys = ON", "PRAGMA legacy_alter_table = OFF", *self.init_commands):
            if command.strip():
                connection.execute(command)
        return connection

    def _file_key(self, name: Any) -> str:
        """The key, tried once on the file and then kept; a record that is only made now gets a salt of its own."""
        if self._key is None:
            file = Path(name)
            self._key = key_of(file)
        if self._key is None:
            salt = fresh_salt()
            self._key = pragma_key(checked(passphrase(f"The record {file} will be closed.")), salt)
            settle(file, salt)
        return self._key

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of this driver that takes Django's placeholders."""
        return self.connection.cursor(factory=Cursor)


class Cursor(Database.Cursor):  # type: ignore[misc,name-defined,unused-ignore]
    """What `SQLiteCursorWrapper` is for the standard library's driver."""

    convert_query = base.SQLiteCursorWrapper.convert_query

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement."""
        if params is None:
            return super().execute(query)
        names = list(params) if isinstance(params, Mapping) else None
        return super().execute(self.convert_query(query, param_names=names), params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Run one statement with many rows."""
        rows = iter(param_list)
        first = next(rows, None)
        names = list(first) if first and isinstance(first, Mapping) else None
        listed = rows if first is None else chain([first], rows)
        return super().executemany(self.convert_query(query, param_names=names), listed)
