"""The ways into a real server, and what scripts on its database tell."""

import json
import xmlrpc.client

import requests
from conftest import checked
from servers import PATIENCE, OdooError


def result(process):
    """Return what a script printed after RESULT."""
    lines = [line for line in checked(process).splitlines() if line.startswith("RESULT ")]
    return json.loads(lines[-1].removeprefix("RESULT "))


class Roads:
    """The ways into a server: the web client's JSON-RPC, JSON-2, and the two old APIs.

    :param who: id, login, password and key; without a login nobody
    """

    def __init__(self, server, who):
        self.server, self.who = server, who
        if who["login"]:
            server.login(who["login"], who["password"])
        self.json2_session = requests.Session()
        self.json2_session.headers["Authorization"] = f"Bearer {who['key']}"

    def web(self, model, method, *args, **kwargs):
        return self.server.call(model, method, *args, **kwargs)

    def button(self, model, method, *args):
        return self.server.post(
            f"/web/dataset/call_button/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": {}},
        )

    def json2(self, model, method, **kwargs):
        answer = self.json2_session.post(
            f"{self.server.url}/json/2/{model}/{method}", json=kwargs, timeout=PATIENCE
        )
        if answer.status_code != 200:
            raise OdooError({"data": answer.json(), "message": answer.text})
        return answer.json()

    def jsonrpc(self, model, method, *args, **kwargs):
        return self.server.post(
            "/jsonrpc",
            {
                "service": "object",
                "method": "execute_kw",
                "args": [self.server.database, self.who["id"], self.who["password"],
                         model, method, list(args), kwargs],
            },
        )  # fmt: skip

    def xmlrpc(self, model, method, *args, **kwargs):
        proxy = xmlrpc.client.ServerProxy(f"{self.server.url}/xmlrpc/2/object", allow_none=True)
        try:
            return proxy.execute_kw(
                self.server.database, self.who["id"], self.who["password"],
                model, method, list(args), kwargs,
            )  # fmt: skip
        except xmlrpc.client.Fault as fault:
            raise OdooError({"message": fault.faultString}) from None
