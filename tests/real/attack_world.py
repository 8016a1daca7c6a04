"""A served database with two companies, their people, and how an attack on it is judged.

An attack passes where it was refused or had no effect: what the database says before and
after it is compared in SQL, whatever the call answered. What a call answers must hold nothing
that is another company's.
"""

import base64
import contextlib
import io
import json
import re
import tempfile
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import requests
from attack_script import COMPANIES
from attack_state import State
from conftest import TOOLS, connect
from preloaded import ForkedServer, run_script
from roads import Roads, result
from servers import PATIENCE, OdooError, connected_to, copied, copy_of, drop, psql, rows_of

from lab.simulator.testing import SimulatorProcess

FORGED = "FORGED"
FORGED_NUMBER = "00-00099999"
FORGED_MOMENT = "2020-01-02 03:04:05"
FORGED_FILE = b"%PDF-1.4\n"

#: Who works for the other company.
OF_THEIRS = ("stranger", "their cashier")


#: Without an account, hence without a login.
NOBODY = {"id": 0, "partner": 0, "login": None, "password": "", "key": "none"}


class Person(Roads):
    """One user with a session of its own, or, without an account, nobody."""

    def __init__(self, server, name, who=NOBODY):
        self.name = name
        super().__init__(server, who)

    @property
    def id(self):
        return self.who["id"]

    def call(self, model, method, *args, **kwargs):
        return self.web(model, method, *args, **kwargs)

    def wizard(self, model, values, method, **kwargs):
        """Make a wizard and press one of its buttons."""
        return self.call(model, method, self.call(model, "create", [values], **kwargs), **kwargs)

    def annul(self, move, **kwargs):
        """Annul a document as on its form: the window is opened, filled in and confirmed."""
        window = [self.call("account.move", "action_smart_annul", [move], **kwargs)["res_id"]]
        self.call("smart.annul.wizard", "write", window, {"reason": "Error"}, **kwargs)
        return self.call("smart.annul.wizard", "action_annul", window, **kwargs)

    def all_of(self, model, ids):
        """Return as text all that the fields of records tell, each read by itself."""
        said = []
        for name, field in self.call(model, "fields_get", [], ["type", "relation"]).items():
            nested = {"fields": {"display_name": {}}} if field.get("relation") else {}
            for read in (
                lambda: self.call(model, "read", ids, [name]),  # noqa: B023
                lambda: self.call(model, "web_read", ids, {name: nested}),  # noqa: B023
            ):
                try:
                    said.append(f"{model}.{name}: {json.dumps(read(), ensure_ascii=False)}")
                except OdooError as error:
                    said.append(str(error))
        return "\n".join(said)

    def get(self, path):
        return told(self.server.session.get(self.server.url + path, timeout=PATIENCE))

    def form(self, path, data, page="/odoo", files=None):
        """Post a form with the token against forged requests."""
        shown = self.server.session.get(self.server.url + page, timeout=PATIENCE).text
        found = re.search(r'csrf_token: "([^"]+)"', shown)
        return told(
            self.server.session.post(
                self.server.url + path,
                data=data | {"csrf_token": found[1] if found else ""},
                files=files,
                timeout=PATIENCE,
            )
        )

    def load(self, model, columns, *rows):
        """Import rows, as a file does; raise what the import says."""
        answer = self.call(model, "load", columns, [list(map(str, row)) for row in rows])
        errors = [message["message"] for message in answer["messages"]]
        if errors:
            raise OdooError({"message": "\n".join(errors)})
        return answer


def told(response):
    """Return as text what an answer of a controller holds."""
    content = response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


class World:
    """The database, its server, and everybody who tries something.

    ``mine`` and ``theirs`` hold the ids of what each company has, see ``attack_script``.
    """

    def __init__(self, database, server, simulator, made):
        self.database, self.server, self.simulator = database, server, simulator
        self._connection = connected_to(database)
        self.fields, self.engine = made["fields"], made["engine"]
        self.mine = SimpleNamespace(**made["mine"])
        self.theirs = SimpleNamespace(**made["theirs"])
        self.tokens, self.token_of_mine = made["secrets"], made["token"]
        self._accounts, self._people = made["people"], {}
        companies = self.mine.company, self.theirs.company
        self.state = State(database, made["tables"], companies, simulator)
        self._last_default = int(self.sql("SELECT coalesce(max(id), 0) FROM ir_default"))

    def sql(self, query):
        return rows_of(self._connection, query)

    def close(self):
        """Let go of the database."""
        self._connection.close()
        self.state.close()

    def person(self, name):
        """Return a user's session, logged in when it is first asked for."""
        if name not in self._people:
            self._people[name] = Person(
                self.server.new_session(), name, self._accounts.get(name, NOBODY)
            )
        return self._people[name]

    def __getitem__(self, name):
        return self.person(name)

    def foreign_to(self, person):
        """Return what the company has that somebody does not belong to."""
        return self.mine if person.name in OF_THEIRS else self.theirs

    # -- what holds ------------------------------------------------------------------------

    def attempt(self, who, attack):
        """Make an attack; return all that it was told, be it a refusal with its traceback."""
        try:
            answer = attack(self, self.person(who))
        except OdooError as error:
            answer = error.whole
        except requests.JSONDecodeError as error:
            answer = error.doc
        return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)

    def judge(self, who, attack):
        """Make an attack, and see that it changed nothing and told nothing."""
        self.state.remember()
        answer = self.attempt(who, attack)
        self.check()
        self.check_answer(who, answer)

    def judge_all(self, who, attacks):
        """Make many attacks at once; only where something has changed, find out which did it.

        :param attacks: functions of the world and the person by their names
        """
        self.state.remember()
        answers = {name: self.attempt(who, attack) for name, attack in attacks.items()}
        if changes := self.state.changes():
            found = []
            for name, attack in attacks.items():
                self.attempt(who, attack)
                found += [f"{name}: {change}" for change in self.state.changes()[:5]]
            pytest.fail("\n".join(found or changes), pytrace=False)
        self.check_answer(who, "\n".join(f"{name}: {said}" for name, said in answers.items()))

    def check(self):
        """Fail where something is not as it was, and put it back."""
        if changes := self.state.changes():
            pytest.fail("\n".join(changes), pytrace=False)

    def check_answer(self, who, answer):
        """Fail where an answer tells what is none of somebody's business."""
        told = [secret for secret in self.secrets(who) if secret in answer]
        if told:
            place = answer.index(told[0])
            pytest.fail(f"{told} in: …{answer[max(0, place - 200) : place + 200]}…", pytrace=False)

    def secrets(self, who):
        """Return what must not stand in any answer to somebody."""
        secrets = list(self.tokens) if who != "admin" else []
        if who not in OF_THEIRS:
            secrets += [
                *self.theirs.control_numbers, *self.theirs.names, self.theirs.rif,
                "Secretos de M", "29876543", "Escondida", "secretos.example",
                "Sigilo y", "50123456", "Sigiloso", "sigilo.example",
            ]  # fmt: skip
        if who in (*OF_THEIRS, "public"):
            secrets += [
                *self.mine.control_numbers, *self.mine.names,
                "Almacenes La Reserva", "31245678", "Calle Reservada", "lareserva.example",
            ]  # fmt: skip
        if who in (*OF_THEIRS, "public", "portal"):
            secrets += ["Ferretería El Vecino", "40998877", "elvecino.example"]
        if who in (*OF_THEIRS, "public", "portal", "employee"):
            secrets += ["Vista en el tablero", "Motivo reservado"]
        if who == "employee":
            secrets += self.mine.control_numbers
        return secrets

    def default(self, who, model, field, value, user=True, company=False):
        """Set a default of a person or for all; tell whether Odoo let them."""
        with contextlib.suppress(OdooError):
            return self.person(who).call(
                "ir.default", "set", model, field, value, user_id=user, company_id=company
            )
        return False

    def forget_defaults(self):
        """Remove every default that an attack has set."""
        admin = self.person("admin")
        ids = [int(one) for one in self.sql("SELECT id FROM ir_default").split()]
        made = [one for one in ids if one > self._last_default]
        if made:
            admin.call("ir.default", "unlink", made)

    def forged(self, model, field):
        """Return a plausible value for a field that nobody but the engine fills."""
        described = self.fields[model][field]
        kind = described["type"]
        if kind == "selection":
            values = [value for value, _label in described["selection"]]
            return "issued" if "issued" in values else values[-1]
        if kind == "many2one":
            return self._forged_target(described["relation"])
        if kind in ("one2many", "many2many"):
            return [[6, 0, []]]
        if "control" in field or field == "conflicting_number":
            return FORGED_NUMBER
        return {
            "char": FORGED, "text": FORGED, "html": f"<p>{FORGED}</p>", "boolean": True,
            "integer": 4242, "float": 42.42, "monetary": 42.42, "date": FORGED_MOMENT[:10],
            "datetime": FORGED_MOMENT, "binary": base64.b64encode(FORGED_FILE).decode(),
        }.get(kind)  # fmt: skip

    def _forged_target(self, relation):
        return {
            "res.users": self._accounts["admin"]["id"],
            "res.company": self.theirs.company,
            "res.partner": self.theirs.customer,
            "account.move": getattr(self.mine, "draft", 1),
        }.get(relation, 1)


def rows(table):
    """Return a table of attacks as parameters: each user who tries each attack is a row.

    :param table: {name: (users, separated by commas; function of the world and the person)}
    """
    return [
        pytest.param(who.strip(), attack, id=f"{who.strip()}: {name}")
        for name, (people, attack) in table.items()
        for who in people.split(",")
    ]


class Ready(NamedTuple):
    """What worlds are copied from.

    :param name: of the database
    :param state: what SMART has of it: a file of the simulator, in base64
    :param made: what there is, see ``attack_script``
    """

    name: str
    state: str
    made: dict


def built(prepared, code, **theirs):
    """Build what worlds are copied from; return the values of a :class:`Ready`.

    :param prepared: name of the database with the first company
    :param code: what is to be done once the companies and their people are there
    :param theirs: what the issuer of the other company has at SMART
    """
    with contextlib.ExitStack() as failed, tempfile.TemporaryDirectory() as folder:
        name = copy_of(prepared)
        failed.callback(drop, name)
        state = Path(folder, "simulator.sqlite")
        simulator = SimulatorProcess("--state", str(state))
        try:
            token = simulator.mint("J-29512345-0", **theirs)["token"]
            connect(name, simulator)
            environ = {
                "SIMULATOR": simulator.url,
                "CONTROL": simulator.ready["control_url"],
                "TOKEN_OF_THEIRS": token,
            }
            made = result(run_script(name, TOOLS + COMPANIES + code, **environ))
        finally:
            simulator.stop()
        # The first part of all tokens is the same.
        made["secrets"] = [*token.split(".")[1:], *simulator.token.split(".")[1:]]
        made["token"] = simulator.token
        content = base64.b64encode(state.read_bytes()).decode()
        failed.pop_all()
    return {"name": name, "state": content, "made": made}


@contextlib.contextmanager
def served(ready, folder):
    """Serve a copy of what was built, with a simulator that goes on from there."""
    state = folder / "simulator.sqlite"
    state.write_bytes(base64.b64decode(ready.state))
    with contextlib.ExitStack() as stack:
        simulator = SimulatorProcess("--state", str(state))
        stack.callback(simulator.stop)
        name = stack.enter_context(copied(ready.name))
        psql(
            "UPDATE res_company SET smart_token_origin = NULL,"  # a copy has another simulator
            f" smart_base_url = '{simulator.url}'"
            " WHERE smart_environment = 'custom'",
            name,
        )
        # Without scheduled actions: whatever is written, a call has written it.
        server = ForkedServer(name, folder / "odoo.log", "--max-cron-threads=0")
        stack.callback(server.stop)
        world = World(name, server, simulator, ready.made)
        stack.callback(world.close)
        yield world
