// What the law wants on a ticket is Spanish, whatever language the till speaks: so these are no
// terms to be translated. All else of a document's words comes from the server.
export const WORDS = {
    issuerId: "RIF:",
    customerId: "RIF o cédula:",
    waiting: "Número de control en trámite",
    waitingHow: "Consulte su factura con este código QR, o en",
    numberedHow: "Su documento está en este código QR, y en",
    askHow: "Pida su factura con este código QR, o en",
    reference: "Recibo:",
    code: "Código:",
};
