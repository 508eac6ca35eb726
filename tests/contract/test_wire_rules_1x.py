"""Each rule of the 1.x wire, over a whole panel: bytes in, bytes out; switched off, its check fails (1.x report 1.2, 2, 3.1)."""

from __future__ import annotations

import base64
import hashlib
import re
from zoneinfo import ZoneInfo

from resellerplan.simpanel.faces.corewcf import MAXIMUM_BODY
from resellerplan.simpanel.faces.exchange import Request
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.wsgi import make_app
from tests.contract.lab import EF, PASSWORD, SP, SP2, Lab, checks
from tests.contract.wire_lab import SOAP_12, SPACE, basic, envelope, fault_text, send, shown

WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
PAGE = "esUsers.GetUsersPaged"
UNREADABLE = "Server was unable to read request. ---&gt; There is an error in the XML document."
NUMBER_FORMAT = "Input string was not in a correct format."


def exists(name: str = "mueller") -> str:
    """The parameter of UserExists."""
    return f"<username>{name}</username>"


def new_user(members: str) -> str:
    """The parameters of AddUser for a customer of the reseller."""
    return f"<user>{members}</user><sendLetter>false</sendLetter><password>{PASSWORD}</password>"


# -- which method ------------------------------------------------------------------------------------------------------------


@checks("asmx.action_selects", SP)
def test_1x_3_1_the_action_alone_selects_the_method(lab: Lab) -> None:
    reply = send(lab, "esUsers.UserExists", exists(), element="GetUserById")
    assert "<UserExistsResult>false</UserExistsResult>" in shown(reply)  # run with default parameters: no name
    assert "<UserExistsResult>true</UserExistsResult>" in shown(send(lab, "esUsers.UserExists", exists()))


@checks("asmx.unknown_action", SP)
def test_1x_2_an_action_that_is_not_known_is_repeated_in_the_fault(lab: Lab) -> None:
    reply = send(lab, "esUsers.UserExists", action="urn:other")
    assert (reply.status, fault_text(reply)) == (
        500,
        "Server did not recognize the value of HTTP Header SOAPAction: urn:other.",
    )
    assert "<faultcode>soap:Client</faultcode>" in shown(reply)


@checks("asmx.unknown_action", SP)
def test_1x_3_1_an_empty_action_is_named_as_an_empty_one(lab: Lab) -> None:
    text = fault_text(send(lab, "esUsers.UserExists", action='""'))
    assert text == "Server did not recognize the value of HTTP Header SOAPAction: ."


@checks("asmx.missing_action", SP)
def test_1x_3_1_without_an_action_the_answer_is_wse012_in_soap_12(lab: Lab) -> None:
    reply = send(lab, "esUsers.UserExists", action=None)
    assert (reply.status, reply.header("Content-Type")) == (500, "application/soap+xml; charset=utf-8")
    assert "WSE012" in shown(reply)


# -- the envelope of replies -------------------------------------------------------------------------------------------------


@checks("asmx.reply_headers", SP)
def test_1x_2_replies_carry_four_headers_of_addressing_and_no_security(lab: Lab) -> None:
    written = shown(send(lab, "esUsers.UserExists", exists()))
    assert re.findall("<wsa:([A-Za-z]+)>", written) == ["Action", "MessageID", "RelatesTo", "To"]
    assert f"<wsa:To>{WSA}/role/anonymous</wsa:To>" in written
    assert "Security" not in written
    assert "Timestamp" not in written


@checks("asmx.fresh_ids", SP)
def test_1x_2_the_ids_of_replies_are_new_each_time(lab: Lab) -> None:
    ids = [i for _ in range(2) for i in re.findall("urn:uuid:[0-9a-f-]{36}", shown(send(lab, "esUsers.UserExists")))]
    assert len(ids) == len(set(ids)) == 4


@checks("asmx.fault_action", SP)
def test_1x_2_a_faults_action_is_that_of_addressing(lab: Lab) -> None:
    written = shown(send(lab, "esUsers.UserExists", action="urn:other"))
    assert f"<wsa:Action>{WSA}/fault</wsa:Action>" in written


@checks("asmx.soap_12", SP)
def test_1x_2_soap_12_is_answered_in_soap_12_with_receiver_and_sender(lab: Lab) -> None:
    def ask(operation: str, inner: str) -> str:
        kind = f'application/soap+xml; action="{SPACE}/{operation}"'
        return shown(send(lab, f"esUsers.{operation}", inner, space=SOAP_12, media=kind, action=None))

    assert f'xmlns:soap="{SOAP_12}"' in ask("UserExists", exists())
    assert "<soap:Value>soap:Receiver</soap:Value>" in ask("GetUserSettings", "<userId>3</userId>")
    assert "<soap:Detail />" in ask("GetUserSettings", "<userId>3</userId>")
    assert "<soap:Value>soap:Sender</soap:Value>" in ask("GetUserById", "<userId>x</userId>")


@checks("asmx.fault_chain", SP)
def test_1x_2_a_faults_text_is_the_chain_joined_by_arrows(lab: Lab) -> None:
    inner = "<user><UserId>4711</UserId><RoleId>3</RoleId></user>"
    text = fault_text(send(lab, "esUsers.UpdateUser", inner))
    assert text.startswith("Server was unable to process request. ---&gt; Error executing 'UPDATE' task on '")
    assert text.endswith("' USER ---&gt; Object reference not set to an instance of an object.")


@checks("asmx.empty_detail", SP)
def test_1x_2_faults_of_methods_carry_an_empty_detail(lab: Lab) -> None:
    assert "</faultstring><detail />" in shown(send(lab, "esUsers.GetUserSettings", "<userId>3</userId>"))


# -- what is refused before a method runs ------------------------------------------------------------------------------------


@checks("asmx.media_type", SP)
def test_1x_3_1_another_content_type_is_a_415_without_a_body(lab: Lab) -> None:
    reply = send(lab, "esUsers.UserExists", exists(), media="application/xml")
    assert (reply.status, reply.length) == (415, 0)


@checks("asmx.loopback_name", SP)
def test_1x_3_1_a_loopback_name_from_another_machine_is_a_400_without_a_body(lab: Lab) -> None:
    for host in ("localhost:9002", "127.0.0.1"):
        reply = send(lab, "esUsers.UserExists", exists(), host=host, remote="192.0.2.7")
        assert (reply.status, reply.length) == (400, 0)
    assert send(lab, "esUsers.UserExists", exists(), host="localhost:9002", remote="127.0.0.1").status == 200


@checks("asmx.to_header", SP)
def test_1x_3_1_a_to_header_must_be_the_url(lab: Lab) -> None:
    to = f'<s:Header><a:To xmlns:a="{WSA}">{{}}</a:To></s:Header>'
    same = "http://panel.example:9002/esUsers.asmx"
    assert send(lab, "esUsers.UserExists", exists(), header=to.format(same)).status == 200
    assert "WSE846" in shown(send(lab, "esUsers.UserExists", exists(), header=to.format("http://other.example/esUsers.asmx")))


@checks("asmx.must_understand", SP)
def test_1x_3_1_a_header_that_must_be_understood_is_a_fault_and_others_are_ignored(lab: Lab) -> None:
    header = '<s:Header><x:Extra xmlns:x="urn:x" s:mustUnderstand="{}"/></s:Header>'
    assert send(lab, "esUsers.UserExists", exists(), header=header.format(0)).status == 200
    reply = send(lab, "esUsers.UserExists", exists(), header=header.format(1))
    assert (reply.status, fault_text(reply)) == (500, "SOAP header Extra was not understood.")
    assert "<faultcode>soap:MustUnderstand</faultcode>" in shown(reply)
    assert "<detail" not in shown(reply)


@checks("asmx.plain_token", SP)
def test_1x_2_a_plain_token_is_refused_because_the_response_should_be_signed(lab: Lab) -> None:
    space = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
    token = "<w:UsernameToken><w:Username>brightweb</w:Username></w:UsernameToken>"
    header = f'<s:Header><w:Security xmlns:w="{space}">{token}</w:Security></s:Header>'
    reply = send(lab, "esUsers.UserExists", exists(), header=header)
    assert (reply.status, fault_text(reply)) == (500, "SOAP response should be signed.")
    assert "<faultactor>http://panel.example:9002/esUsers.asmx</faultactor>" in shown(reply)


# -- who calls ---------------------------------------------------------------------------------------------------------------


@checks("asmx.basic_spelling", SP)
def test_1x_2_only_the_word_basic_opens_credentials(lab: Lab) -> None:
    for stated in (None, "Bearer abc", basic().replace("Basic", "basic")):
        reply = send(lab, "esUsers.UserExists", exists(), authorization=stated)
        assert (reply.status, shown(reply)) == (401, "401 Access Denied")
        assert reply.header("WWW-Authenticate") == 'Basic Realm="SolidCP Enterprise Server"'


@checks("asmx.colon_cuts", SP)
def test_1x_2_a_password_ends_at_its_first_colon(lab: Lab) -> None:
    assert send(lab, "esUsers.UserExists", exists(), authorization=basic(password=f"{PASSWORD}:tail")).status == 200


@checks("log_in.wrong_password", SP)
def test_1x_2_a_wrong_password_is_a_401(lab: Lab) -> None:
    assert send(lab, "esUsers.UserExists", exists(), authorization=basic(password="falsch")).status == 401


@checks("asmx.no_colon", SP)
def test_1x_2_credentials_without_a_colon_are_an_index_out_of_bounds(lab: Lab) -> None:
    reply = send(lab, "esUsers.UserExists", exists(), authorization="Basic " + base64.b64encode(b"brightweb").decode())
    assert reply.status == 500
    assert fault_text(reply).endswith(" ---&gt; Index was outside the bounds of the array.")


@checks("asmx.bad_base64", SP)
def test_1x_2_credentials_that_are_no_base64_are_a_fault(lab: Lab) -> None:
    reply = send(lab, "esUsers.UserExists", exists(), authorization="Basic !!!")
    assert reply.status == 500
    assert "The input is not a valid Base-64 string" in fault_text(reply)


@checks("asmx.ascii_credentials", SP)
def test_1_7_1_bytes_beyond_ascii_in_credentials_become_question_marks(lab: Lab) -> None:
    lab.call("esUsers.ChangeUserPassword", userId=4, password="p??")
    stated = "Basic " + base64.b64encode("mueller:pä".encode()).decode()
    assert send(lab, "esUsers.UserExists", exists(), authorization=stated).status == 200


# -- reading -----------------------------------------------------------------------------------------------------------------


@checks("asmx.unknown_skipped", SP)
def test_1x_2_unknown_and_unqualified_members_are_skipped(lab: Lab) -> None:
    inner = '<nothing>1</nothing><username xmlns="">brightweb</username>' + exists("niemand")
    assert "<UserExistsResult>false</UserExistsResult>" in shown(send(lab, "esUsers.UserExists", inner))


@checks("asmx.order_free", SP)
def test_1x_2_members_come_in_any_order(lab: Lab) -> None:
    inner = "<recursive>true</recursive><ownerId>2</ownerId>"
    assert "<Username>mueller</Username>" in shown(send(lab, "esUsers.GetUsers", inner))


@checks("asmx.missing_default", SP)
def test_1x_2_missing_value_types_are_their_defaults(lab: Lab) -> None:
    assert "<UserId>2</UserId>" not in shown(send(lab, "esUsers.GetUserById"))
    assert send(lab, "esUsers.GetUserById").status == 200


@checks("asmx.first_counts", SP)
def test_1x_2_of_a_repeated_parameter_the_first_counts(lab: Lab) -> None:
    reply = send(lab, "esUsers.UserExists", exists() + exists("niemand"))
    assert "<UserExistsResult>true</UserExistsResult>" in shown(reply)


@checks("asmx.blanks_around", SP)
def test_1x_2_blanks_around_a_number_are_accepted(lab: Lab) -> None:
    assert "<Username>mueller</Username>" in shown(send(lab, "esUsers.GetUserById", "<userId> \n4 </userId>"))
    text = fault_text(send(lab, "esUsers.GetUserById", "<userId>4x</userId>"))
    assert text == f"{UNREADABLE} ---&gt; {NUMBER_FORMAT}"


@checks("asmx.later_of_pair", SP)
def test_1x_2_of_the_pair_status_id_and_status_the_later_one_wins(lab: Lab) -> None:
    pairs = (
        ("<StatusId>1</StatusId><Status>Suspended</Status>", 2),
        ("<Status>Suspended</Status><StatusId>3</StatusId>", 3),
    )
    for number, (pair, stored) in enumerate(pairs):
        user = f"<OwnerId>2</OwnerId><RoleId>3</RoleId>{pair}<Username>paar{number}</Username>"
        send(lab, "esUsers.AddUser", new_user(user))
        assert lab.value("SELECT status_id FROM users WHERE username = ?", f"paar{number}") == stored


@checks("asmx.enum_names", SP)
def test_1x_2_enumerations_are_read_by_their_names_in_their_case(lab: Lab) -> None:
    def change(status: str) -> str:
        return shown(send(lab, "esUsers.ChangeUserStatus", f"<userId>4</userId><status>{status}</status>"))

    assert "Instance validation error: 'suspended' is not a valid value for UserStatus." in change("suspended")
    assert "Instance validation error: '2' is not a valid value for UserStatus." in change("2")
    assert "<ChangeUserStatusResult>0</ChangeUserStatusResult>" in change("Suspended")


@checks("asmx.nil_string", SP)
def test_1x_3_1_a_string_that_is_nil_is_stored_as_the_empty_one_and_an_omitted_one_as_null(lab: Lab) -> None:
    nil = '<FirstName xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'
    common = "<OwnerId>2</OwnerId><RoleId>3</RoleId><StatusId>1</StatusId>"
    send(lab, "esUsers.AddUser", new_user(f"{common}<Username>nil</Username>{nil}"))
    send(lab, "esUsers.AddUser", new_user(f"{common}<Username>fehlt</Username>"))
    assert lab.value("SELECT first_name FROM users WHERE username = 'fehlt'") is None
    assert lab.value("SELECT first_name FROM users WHERE username = 'nil'") == ""


@checks("asmx.odd_content", SP)
def test_1x_1_2_a_comment_inside_a_value_is_a_400_without_a_body(lab: Lab) -> None:
    reply = send(lab, "esUsers.UserExists", exists("mu<!-- c -->eller"))
    assert (reply.status, reply.header("Content-Type"), reply.length) == (400, "text/xml", 0)


@checks("asmx.date_zones", SP)
def test_1x_2_z_keeps_a_dates_digits_and_another_offset_becomes_the_servers_time(lab: Lab) -> None:
    for stated, kept in (("12:00:00Z", "12:00:00"), ("12:00:00+05:00", "07:00:00"), ("12:00:00", "12:00:00"), ("", "00:00:00")):
        inner = (
            "<userId>4</userId><planId>2</planId><packageName>d</packageName><statusId>1</statusId>"
            f"<purchaseDate>2026-05-05{'T' if stated else ''}{stated}</purchaseDate>"
        )
        assert send(lab, "esPackages.AddPackage", inner).status == 200
        stored = lab.value("SELECT purchase_date FROM packages ORDER BY package_id DESC LIMIT 1")
        assert str(stored).replace(" ", "T").startswith(f"2026-05-05T{kept}")


@checks("asmx.child_in_string", SP)
def test_1x_1_2_an_element_alone_and_references_to_control_characters_are_accepted_in_a_string(lab: Lab) -> None:
    for inside in ("<x>mueller</x>", "&#1;", "&#xD83D;"):
        assert "<UserExistsResult>false</UserExistsResult>" in shown(send(lab, "esUsers.UserExists", exists(inside)))
    text = fault_text(send(lab, "esUsers.UserExists", exists("a<x>mueller</x>")))
    assert text == f"{UNREADABLE} ---&gt; 'Element' is an invalid XmlNodeType."


# -- writing -----------------------------------------------------------------------------------------------------------------


@checks("asmx.enum_values", SP)
def test_1x_2_status_0_is_a_fault_of_typed_reads_and_not_of_pages_and_an_update_repairs_it(lab: Lab) -> None:
    number = lab.add_user("null", StatusId=0)
    typed = (("esUsers.GetUserById", f"<userId>{number}</userId>"), ("esUsers.GetUsers", "<ownerId>2</ownerId>"))
    told = "There was an error generating the XML document. ---&gt; Instance validation error: '0' is not a valid value for "
    for call, inner in typed:
        text = fault_text(send(lab, call, inner))
        assert text.endswith(f"{told}SolidCP.EnterpriseServer.UserStatus.")
    paged = "<userId>2</userId><startRow>0</startRow><maximumRows>9</maximumRows>"
    assert "<Username>null</Username>" in shown(send(lab, PAGE, paged))
    repaired = f"<user><UserId>{number}</UserId><RoleId>3</RoleId><StatusId>1</StatusId></user>"
    assert "<UpdateUserResult>0</UpdateUserResult>" in shown(send(lab, "esUsers.UpdateUser", repaired))
    for call, inner in typed:
        assert send(lab, call, inner).status == 200


@checks("asmx.null_omitted", SP)
def test_1x_2_a_null_result_and_null_members_are_left_out_and_an_empty_list_is_there(lab: Lab) -> None:
    unknown = send(lab, "esUsers.GetUserById", "<userId>4711</userId>")
    assert f'<GetUserByIdResponse xmlns="{SPACE}" /></soap:Body>' in shown(unknown)
    lab.write("UPDATE users SET city = NULL WHERE user_id = 4")
    assert "<City" not in shown(send(lab, "esUsers.GetUserById", "<userId>4</userId>"))
    assert "<GetUsersResult />" in shown(send(lab, "esUsers.GetUsers", "<ownerId>4</ownerId>"))


@checks("asmx.dates_plain", SP)
def test_1x_2_typed_dates_carry_no_offset_and_milliseconds_at_most(lab: Lab) -> None:
    written = shown(send(lab, "esUsers.GetUserById", "<userId>4</userId>"))
    assert re.search(r"<Created>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,3}</Created>", written)


@checks("asmx.data_sets", SP)
def test_1x_2_data_sets_are_table_and_table1_with_a_column1_and_every_column_optional(lab: Lab) -> None:
    written = shown(send(lab, PAGE, "<userId>2</userId><startRow>0</startRow><maximumRows>0</maximumRows>"))
    assert '<Table diffgr:id="Table1" msdata:rowOrder="0"><Column1>2</Column1></Table>' in written
    assert '<Table1 diffgr:id="Table11" msdata:rowOrder="0">' in written
    assert '<xs:element name="UserID" type="xs:int" minOccurs="0" />' in written
    empty = shown(send(lab, "esPackages.GetHostingAddons", "<userId>4</userId>"))
    assert re.search(r"<diffgr:diffgram [^>]* />", empty)


@checks("user_peers.full_name_twice", SP, SP2)
def test_1x_2_a_column_that_is_selected_twice_has_a_number_the_second_time(lab: Lab) -> None:
    row = lab.table(lab.call("esUsers.GetRawUserPeers", userId=2))[0]
    assert (row["fullname"], row["fullname1"]) == ("Kurt Kollege", "Kurt Kollege")


@checks("asmx.data_set_dates", SP)
def test_1x_2_dates_in_a_data_set_carry_the_servers_offset(lab: Lab) -> None:
    written = shown(send(lab, "esUsers.GetRawUsers", "<ownerId>2</ownerId><recursive>true</recursive>"))
    assert re.search(r"<Created>[0-9T:.-]+\+00:00</Created>", written)
    for month, offset in (("01", "+01:00"), ("07", "+02:00")):
        lab.write("UPDATE users SET created = ? WHERE user_id = 4", f"2026-{month}-05T06:07:08.123000")
        inner = "<ownerId>2</ownerId><recursive>true</recursive>"
        written = shown(send(lab, "esUsers.GetRawUsers", inner, zone=ZoneInfo("Europe/Berlin")))
        assert f"<Created>2026-{month}-05T06:07:08.123{offset}</Created>" in written


@checks("defect.control_characters", SP)
def test_1x_3_1_a_control_character_breaks_every_reply_that_contains_it_until_an_update_removes_it(lab: Lab) -> None:
    common = "<RoleId>3</RoleId><StatusId>1</StatusId>"
    change = f"<user><UserId>4</UserId>{common}<FirstName>a&#x8;b</FirstName></user>"
    assert "<UpdateUserResult>0</UpdateUserResult>" in shown(send(lab, "esUsers.UpdateUser", change))
    for call, inner in (("esUsers.GetUserById", "<userId>4</userId>"), ("esUsers.GetUsers", "<ownerId>2</ownerId>")):
        reply = send(lab, call, inner)
        assert (reply.status, (reply.header("Content-Type") or "").partition(";")[0]) == (500, "text/html")
    send(lab, "esUsers.UpdateUser", f"<user><UserId>4</UserId>{common}<FirstName>ab</FirstName></user>")
    assert "<FirstName>ab</FirstName>" in shown(send(lab, "esUsers.GetUserById", "<userId>4</userId>"))


@checks("asmx.wsdl_host", SP)
def test_1x_2_a_wsdl_names_the_host_that_was_asked_and_needs_no_log_in(lab: Lab) -> None:
    app = make_app(lab.panel, base_url="http://configured.example")
    reply = app.answer(Request("GET", "/esUsers.asmx", query="WSDL", host="asked.example:8443"))
    assert reply.status == 200
    assert 'location="http://asked.example:8443/esUsers.asmx"' in shown(reply)


@checks("asmx.get_protocol", SP)
def test_1x_2_the_help_page_needs_no_log_in_and_methods_are_not_served_by_get(lab: Lab) -> None:
    app = make_app(lab.panel)
    assert app.answer(Request("GET", "/esUsers.asmx")).status == 200
    assert app.answer(Request("GET", "/esUsers.asmx/UserExists", query="username=mueller")).status == 404


@checks("log_in.open_services", SP)
def test_1x_2_es_system_has_the_namespace_tempuri_and_es_authentication_asks_nobody(lab: Lab) -> None:
    tempuri = "http://tempuri.org/"
    body = envelope(f'<GetOSVersion xmlns="{tempuri}" />')
    assert send(lab, "esSystem.GetOSVersion", body=body).status == 500
    active = f'<GetSystemSettingsActive xmlns="{tempuri}"><settingsName>SmtpSettings</settingsName></GetSystemSettingsActive>'
    reply = send(lab, "esSystem.GetSystemSettingsActive", body=envelope(active), action=f"{tempuri}GetSystemSettingsActive")
    assert f'<GetSystemSettingsActiveResponse xmlns="{tempuri}">' in shown(reply)
    assert send(lab, "esAuthentication.GetSystemSetupMode", authorization=None).status == 200


@checks("log_in.sha1", SP)
def test_1x_2_a_log_in_name_is_taken_in_any_case_and_the_sha1_form_carries_a_colon_and_umlauts(lab: Lab) -> None:
    lab.call("esUsers.ChangeUserPassword", userId=4, password="p:ä")
    form = base64.b64encode(hashlib.sha1("p:ä".encode()).digest()).decode()
    assert send(lab, "esUsers.UserExists", exists(), authorization=basic("MUELLER", form)).status == 200
    assert send(lab, "esUsers.UserExists", exists(), authorization=basic("mueller", "p:ä")).status == 401


def test_1x_2_the_services_have_the_numbers_of_operations_that_were_counted() -> None:
    counted = {
        name: len(service.operations) for name, service in flavour(SP).catalogue().services.items() if service.operations
    }
    assert counted == {
        "esUsers": 32,
        "esPackages": 65,
        "esServers": 141,
        "esAuthentication": 9,
        "esSystem": 7,
        "esTasks": 7,
        "esAuditLog": 6,
        "esComments": 3,
        "esScheduler": 13,
    }


# -- 2.x ---------------------------------------------------------------------------------------------------------------------


@checks("corewcf.no_envelope", EF, SP2)
def test_c_16_on_2x_what_has_no_envelope_is_a_400_without_a_body(lab: Lab) -> None:
    reply = make_app(lab.panel).answer(Request("POST", "/esUsers", headers={"content-type": "text/xml"}, body=b"<a/>"))
    assert (reply.status, reply.length) == (400, 0)


@checks("corewcf.size_limit", EF, SP2)
def test_c_16_on_2x_a_body_above_the_limit_ends_the_connection(lab: Lab) -> None:
    sent = Request("POST", "/esUsers", headers={"content-type": "text/xml"}, body=b"x" * (MAXIMUM_BODY + 1))
    assert make_app(lab.panel).exchange(sent).delivery.how == "reset"
