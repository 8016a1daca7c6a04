"""What the service says when it refuses. Recorded wordings where there are any."""

INVALID_TOKEN = 1
INVALID_FIELD = 2
WRONG_RIF = 3
UNKNOWN_DOCUMENT = 3
WRONG_AMOUNT = 4
FIELD_REQUIRED = 5
INTERNAL_NUMBER_EMPTY = 7
INTERNAL_NUMBER_USED = 8
INTERNAL_NUMBER_NOT_NEXT = 9
NO_LINES = 10
UNKNOWN_RELATED = 11
OUT_OF_CONTROL_NUMBERS = 12
PAYMENT_WITHOUT_FORM = 14
REMARK_REQUIRED = 20
NO_ADDRESS = 21
NO_PHONE = 22
NO_RATE = 23
NO_CURRENCY = 24
NO_EMAIL = 1


class RefusalError(Exception):
    """The service says no and has done nothing: HTTP 202 with a code and a message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def must_include(code: int, field: str) -> RefusalError:
    return RefusalError(code, f"Valor de {field} no válido. Debe incluir esa propiedad!")


def wrongly_computed(field: str) -> RefusalError:
    return RefusalError(WRONG_AMOUNT, f"Valor de {field} MAL CALCULADO!")


def required(field: str, code: int = FIELD_REQUIRED) -> RefusalError:
    return RefusalError(code, f"Campo {field} es requerido!")


def invalid(field: str) -> RefusalError:
    return RefusalError(INVALID_FIELD, f"Valor de {field} NO VALIDO!")


def invalid_token() -> RefusalError:
    return RefusalError(INVALID_TOKEN, "Token NO VALIDO")


def wrong_rif() -> RefusalError:
    return RefusalError(WRONG_RIF, "Token NO CORRESPONDE al RIF")


def out_of_control_numbers() -> RefusalError:
    return RefusalError(OUT_OF_CONTROL_NUMBERS, "No tiene NUMEROS DE CONTROL disponibles!")
