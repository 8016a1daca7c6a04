import {OrderReceipt} from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import {SmartTicketFoot, SmartTicketHead, SmartTicketTotals} from "./smart_ticket";

Object.assign(OrderReceipt.components, {SmartTicketHead, SmartTicketTotals, SmartTicketFoot});
