"""What the 1.x wire does, each with a name and a switch (contract 1.1, 1.4-1.7; 1.x report 2 and 3.1).

They are rules like those of the services (:mod:`resellerplan.simpanel.rules`); a face gets the names that are not in force.
"""

from __future__ import annotations

from resellerplan.simpanel.rules import Rule, rule

__all__ = ["in_force"]

ACTION_SELECTS = rule("asmx.action_selects", "1x 3.1", "The SOAPAction alone selects the method, not the body's element.")
ACTION_NAMED = rule("asmx.unknown_action", "1x 2", "An action that is not known is a fault of the caller that repeats it.")
ACTION_MISSING = rule("asmx.missing_action", "1x 3.1", "Without any action the answer is WSE012 as a fault of SOAP 1.2.")
ADDRESSING = rule("asmx.reply_headers", "1x 2", "Replies carry Action, MessageID, RelatesTo and To, and no Security.")
FRESH_IDS = rule("asmx.fresh_ids", "1x 2", "The ids in those headers are new in each reply.")
FAULT_ACTION = rule("asmx.fault_action", "1x 2", "A fault's Action is that of addressing, not the method's.")
SOAP_12_ANSWER = rule("asmx.soap_12", "1x 2", "A request of SOAP 1.2 is answered in SOAP 1.2, its faults with Sender and Receiver.")
FAULT_CHAIN = rule("asmx.fault_chain", "1x 2", "A fault's text is the whole chain of messages, joined by arrows.")
EMPTY_DETAIL = rule("asmx.empty_detail", "1x 2", "Faults of methods carry an empty detail.")
MEDIA = rule("asmx.media_type", "1x 3.1", "Another content type than SOAP's two is a 415 without a body.")
LOOPBACK = rule("asmx.loopback_name", "1x 3.1", "A loopback name from another machine is a 400 without a body.")
TO_HEADER = rule("asmx.to_header", "1x 3.1", "A To header must be the URL of the request, else WSE846.")
MUST_UNDERSTAND = rule("asmx.must_understand", "1x 3.1", "A header that must be understood and is not is a fault.")
PLAIN_TOKEN = rule("asmx.plain_token", "1x 2", "A plain UsernameToken is refused: the response should be signed.")
BASIC_SPELLING = rule("asmx.basic_spelling", "1x 2", "Only the word Basic, in this spelling, opens credentials; all else is a 401.")
COLON_CUTS = rule("asmx.colon_cuts", "1x 2", "A password ends at its first colon.")
NO_COLON = rule("asmx.no_colon", "1x 2", "Credentials without a colon are an index out of bounds.")
BAD_BASE64 = rule("asmx.bad_base64", "1x 2", "Credentials that are no Base64 are a fault.")
ASCII_ONLY = rule("asmx.ascii_credentials", "1.7.1", "Bytes beyond ASCII in credentials become question marks.")
UNKNOWN_SKIPPED = rule("asmx.unknown_skipped", "1x 2", "Members that are not known, and unqualified ones, are skipped.")
ORDER_FREE = rule("asmx.order_free", "1x 2", "Members come in any order.")
MISSING_DEFAULT = rule("asmx.missing_default", "1x 2", "A missing member is its type's default.")
FIRST_COUNTS = rule("asmx.first_counts", "1x 2", "Of a repeated parameter the first counts.")
BLANKS_AROUND = rule("asmx.blanks_around", "1x 2", "Blanks around a number are accepted.")
LATER_OF_PAIR = rule("asmx.later_of_pair", "1x 2", "Of StatusId and Status, of RoleId and Role, the one that comes later wins.")
ENUM_NAMES = rule("asmx.enum_names", "1x 2", "Enumerations are read by their names, in their letter case.")
NIL_STRING = rule("asmx.nil_string", "1x 3.1", "A string that is nil is the empty one; only an omitted one is null.")
CHILD_SKIPPED = rule("asmx.child_in_string", "1x 1.2", "An element alone inside a string is accepted: the string is empty.")
ODD_CONTENT = rule("asmx.odd_content", "1x 1.2", "A comment inside a value is a 400 without a body.")
DATE_ZONES = rule("asmx.date_zones", "1x 2", "Z keeps a date's digits; another offset is turned into the server's time.")
ENUM_VALUES = rule("asmx.enum_values", "1x 2", "A number that no member has (status 0) cannot be written: the reply is a fault.")
NULL_OMITTED = rule("asmx.null_omitted", "1x 2", "A null result, and a null member, is left out.")
NO_OFFSET = rule("asmx.dates_plain", "1x 2", "Typed dates are written without an offset.")
DATA_SET_FORM = rule("asmx.data_sets", "1x 2", "DataSets name Table and Table1; every column is optional.")
DATA_SET_OFFSET = rule("asmx.data_set_dates", "1x 2", "Dates in a DataSet carry the server's offset.")
GET_PROTOCOL = rule("asmx.get_protocol", "1x 2", "The methods are not served by GET; the service answers its help page and WSDL.")
WSDL_HOST = rule("asmx.wsdl_host", "1x 2", "A WSDL names the host that was asked.")


def in_force(rule: Rule, off: frozenset[str]) -> bool:
    """Whether a rule is in force."""
    return rule.name not in off
