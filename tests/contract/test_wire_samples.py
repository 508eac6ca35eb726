"""The sample messages of the contract's section 9, sent as literal bytes to a panel whose world is that of the samples.

Replies are compared as XML with the samples' text; dates of the moment become ``{now}``, random message ids are left out.
"""

# ruff: noqa: E501 - the samples' own lines

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

from resellerplan.simpanel.faces.asmx import AsmxFace
from resellerplan.simpanel.faces.exchange import Reply, Request
from resellerplan.simpanel.flavours import flavour
from resellerplan.simpanel.markup import Element, parse, text_of
from resellerplan.simpanel.wire import Column, DataSet, Table
from tests.support.fake_panel import FakePanel
from tests.support.served import Site, site

SPACE = "http://smbsaas/solidcp/enterpriseserver"

WORLD = """
administrator: {password: Admin-Pw1!}
servers:
  - {id: 2, name: web01, services: [OS, Web, FTP, Mail, DNS]}
plans:
  - {id: 20, name: Reseller, owner: serveradmin, server: web01, groups: {
      OS: {Diskspace: 100000, Domains: 50}, Web: {Sites: 50}, FTP: {Accounts: 50}, Mail: {Accounts: 50}, DNS: {Editor: true}}}
  - {id: 31, name: Basic, owner: res1, server: web01, groups: {OS: {Diskspace: 1024, Domains: 5}, Web: {Sites: 5}, FTP: {Accounts: 5}}}
users:
  - {id: 12, username: res1, role: reseller, owner: serveradmin, password: "secret:with:colons", email: res1@example.org}
  - {id: 57, username: %s, owner: res1, password: Start-123, first_name: Anna, last_name: Fischer,
     email: anna@example.org, company_name: Fischer GmbH, html_mail: false, comments: "", subscriber_number: ""}
spaces:
  - {id: 9, user: res1, plan: Reseller, name: Reseller space}
%s
"""

GET_USERS = """<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
  <soap:Body>
    <GetUsers xmlns="http://smbsaas/solidcp/enterpriseserver">
      <ownerId>12</ownerId>
      <recursive>true</recursive>
    </GetUsers>
  </soap:Body>
</soap:Envelope>"""

GET_USERS_REPLY = """<GetUsersResponse xmlns="http://smbsaas/solidcp/enterpriseserver">
      <GetUsersResult>
        <UserInfo>
          <RoleId>3</RoleId>
          <Role>User</Role>
          <StatusId>1</StatusId>
          <Status>Active</Status>
          <LoginStatusId>0</LoginStatusId>
          <LoginStatus>Enabled</LoginStatus>
          <FailedLogins>0</FailedLogins>
          <UserId>57</UserId>
          <OwnerId>12</OwnerId>
          <IsPeer>false</IsPeer>
          <Created>{now}</Created>
          <Changed>{now}</Changed>
          <IsDemo>false</IsDemo>
          <Comments />
          <LastName>Fischer</LastName>
          <Username>afischer</Username>
          <FirstName>Anna</FirstName>
          <Email>anna@example.org</Email>
          <HtmlMail>false</HtmlMail>
          <CompanyName>Fischer GmbH</CompanyName>
          <EcommerceEnabled>false</EcommerceEnabled>
          <SubscriberNumber />
          <MfaMode>0</MfaMode>
          <Vlans />
        </UserInfo>
      </GetUsersResult>
    </GetUsersResponse>"""

GET_USERS_2X = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">
  <s:Header>
    <Credentials xmlns="http://fusecp.com/headers/Credentials">
      <Password xmlns="http://fusecp/credentials">secret:with:colons</Password>
      <Username xmlns="http://fusecp/credentials">res1</Username>
    </Credentials>
  </s:Header>
  <s:Body>
    <GetUsers xmlns="http://smbsaas/fusecp/enterpriseserver/">
      <ownerId>12</ownerId>
      <recursive>true</recursive>
    </GetUsers>
  </s:Body>
</s:Envelope>"""

GET_USERS_2X_REPLY = """<GetUsersResponse xmlns="http://smbsaas/fusecp/enterpriseserver/">
      <GetUsersResult xmlns:a="http://schemas.datacontract.org/2004/07/FuseCP.EnterpriseServer" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
        <a:UserInfo>
          <a:_x003C_AdditionalParams_x003E_k__BackingField i:nil="true"/>
          <a:_x003C_MfaMode_x003E_k__BackingField>0</a:_x003C_MfaMode_x003E_k__BackingField>
          <a:address i:nil="true"/>
          <a:changed>{now}</a:changed>
          <a:city i:nil="true"/>
          <a:comments/>
          <a:companyName>Fischer GmbH</a:companyName>
          <a:country i:nil="true"/>
          <a:created>{now}</a:created>
          <a:ecommerceEnabled>false</a:ecommerceEnabled>
          <a:email>anna@example.org</a:email>
          <a:failedLogins>0</a:failedLogins>
          <a:fax i:nil="true"/>
          <a:firstName>Anna</a:firstName>
          <a:htmlMail>false</a:htmlMail>
          <a:instantMessenger i:nil="true"/>
          <a:isDemo>false</a:isDemo>
          <a:isPeer>false</a:isPeer>
          <a:lastName>Fischer</a:lastName>
          <a:loginStatusId>0</a:loginStatusId>
          <a:ownerId>12</a:ownerId>
          <a:primaryPhone i:nil="true"/>
          <a:roleId>3</a:roleId>
          <a:secondaryEmail i:nil="true"/>
          <a:secondaryPhone i:nil="true"/>
          <a:state i:nil="true"/>
          <a:statusId>1</a:statusId>
          <a:subscriberNumber/>
          <a:userId>57</a:userId>
          <a:username>afischer</a:username>
          <a:zip i:nil="true"/>
        </a:UserInfo>
      </GetUsersResult>
    </GetUsersResponse>"""

ADD_USER = """<AddUser xmlns="http://smbsaas/solidcp/enterpriseserver">
  <user>
    <RoleId>3</RoleId><Role>User</Role>
    <StatusId>1</StatusId><Status>Active</Status>
    <LoginStatusId>0</LoginStatusId><LoginStatus>Enabled</LoginStatus>
    <FailedLogins>0</FailedLogins>
    <UserId>0</UserId>
    <OwnerId>12</OwnerId>
    <IsPeer>false</IsPeer>
    <Created>2025-03-04T00:00:00</Created>
    <Changed>2025-03-04T00:00:00</Changed>
    <IsDemo>false</IsDemo>
    <Comments></Comments>
    <LastName>Fischer</LastName>
    <Username>afischer</Username>
    <FirstName>Anna</FirstName>
    <Email>anna@example.org</Email>
    <PrimaryPhone>+49 30 1234</PrimaryPhone>
    <Zip>10115</Zip>
    <InstantMessenger></InstantMessenger><Fax></Fax><SecondaryPhone></SecondaryPhone><SecondaryEmail></SecondaryEmail>
    <Country>DE</Country>
    <Address>Hauptstr. 1</Address><City>Berlin</City><State></State>
    <HtmlMail>true</HtmlMail>
    <CompanyName>Fischer GmbH</CompanyName>
    <EcommerceEnabled>false</EcommerceEnabled>
    <SubscriberNumber></SubscriberNumber>
  </user>
  <sendLetter>false</sendLetter>
  <password>Start-123</password>
</AddUser>"""

ADD_PLAN = """<AddHostingPlan xmlns="http://smbsaas/solidcp/enterpriseserver">
  <plan>
    <PlanId>0</PlanId>
    <PackageId>9</PackageId>
    <PlanName>Basic</PlanName>
    <PlanDescription></PlanDescription>
    <Available>true</Available>
    <ServerId>0</ServerId>
    <IsAddon>false</IsAddon>
    <SetupPrice>0</SetupPrice>
    <RecurringPrice>0</RecurringPrice>
    <RecurrenceUnit>2</RecurrenceUnit>
    <RecurrenceLength>1</RecurrenceLength>
    <Groups>
      <HostingPlanGroupInfo><GroupId>1</GroupId><Enabled>true</Enabled><CalculateDiskSpace>true</CalculateDiskSpace><CalculateBandwidth>true</CalculateBandwidth></HostingPlanGroupInfo>
      <HostingPlanGroupInfo><GroupId>7</GroupId><Enabled>true</Enabled><CalculateDiskSpace>true</CalculateDiskSpace><CalculateBandwidth>true</CalculateBandwidth></HostingPlanGroupInfo>
    </Groups>
    <Quotas>
      <HostingPlanQuotaInfo><QuotaId>52</QuotaId><QuotaValue>1024</QuotaValue></HostingPlanQuotaInfo>
      <HostingPlanQuotaInfo><QuotaId>53</QuotaId><QuotaValue>1</QuotaValue></HostingPlanQuotaInfo>
      <HostingPlanQuotaInfo><QuotaId>48</QuotaId><QuotaValue>1</QuotaValue></HostingPlanQuotaInfo>
    </Quotas>
    <UserId>12</UserId>
  </plan>
</AddHostingPlan>"""

GET_PLANS = '<GetHostingPlans xmlns="http://smbsaas/solidcp/enterpriseserver"><userId>12</userId></GetHostingPlans>'

GET_PLANS_REPLY = """<GetHostingPlansResponse xmlns="http://smbsaas/solidcp/enterpriseserver">
  <GetHostingPlansResult>
    <xs:schema id="NewDataSet" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:msdata="urn:schemas-microsoft-com:xml-msdata">
      <xs:element name="NewDataSet" msdata:IsDataSet="true" msdata:UseCurrentLocale="true">
        <xs:complexType>
          <xs:choice minOccurs="0" maxOccurs="unbounded">
            <xs:element name="Table">
              <xs:complexType>
                <xs:sequence>
                  <xs:element name="PlanID" type="xs:int" minOccurs="0" />
                  <xs:element name="UserID" type="xs:int" minOccurs="0" />
                  <xs:element name="PackageID" type="xs:int" minOccurs="0" />
                  <xs:element name="PlanName" type="xs:string" minOccurs="0" />
                  <xs:element name="PlanDescription" type="xs:string" minOccurs="0" />
                  <xs:element name="Available" type="xs:boolean" minOccurs="0" />
                  <xs:element name="SetupPrice" type="xs:decimal" minOccurs="0" />
                  <xs:element name="RecurringPrice" type="xs:decimal" minOccurs="0" />
                  <xs:element name="RecurrenceLength" type="xs:int" minOccurs="0" />
                  <xs:element name="RecurrenceUnit" type="xs:int" minOccurs="0" />
                  <xs:element name="IsAddon" type="xs:boolean" minOccurs="0" />
                  <xs:element name="PackagesNumber" type="xs:int" minOccurs="0" />
                  <xs:element name="ServerID" type="xs:int" minOccurs="0" />
                  <xs:element name="ServerName" type="xs:string" minOccurs="0" />
                  <xs:element name="ServerComments" type="xs:string" minOccurs="0" />
                  <xs:element name="VirtualServer" type="xs:boolean" minOccurs="0" />
                  <xs:element name="PackageID1" type="xs:int" minOccurs="0" />
                  <xs:element name="PackageName" type="xs:string" minOccurs="0" />
                </xs:sequence>
              </xs:complexType>
            </xs:element>
          </xs:choice>
        </xs:complexType>
      </xs:element>
    </xs:schema>
    <diffgr:diffgram xmlns:msdata="urn:schemas-microsoft-com:xml-msdata" xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1">
      <NewDataSet xmlns="">
        <Table diffgr:id="Table1" msdata:rowOrder="0">
          <PlanID>31</PlanID>
          <UserID>12</UserID>
          <PackageID>9</PackageID>
          <PlanName>Basic</PlanName>
          <PlanDescription />
          <Available>true</Available>
          <SetupPrice>0.0000</SetupPrice>
          <RecurringPrice>0.0000</RecurringPrice>
          <RecurrenceLength>1</RecurrenceLength>
          <RecurrenceUnit>2</RecurrenceUnit>
          <IsAddon>false</IsAddon>
          <PackagesNumber>4</PackagesNumber>
          <ServerID>2</ServerID>
          <ServerName>web01</ServerName>
          <ServerComments />
          <VirtualServer>false</VirtualServer>
          <PackageID1>9</PackageID1>
          <PackageName>Reseller space</PackageName>
        </Table>
      </NewDataSet>
    </diffgr:diffgram>
  </GetHostingPlansResult>
</GetHostingPlansResponse>"""

ADD_SPACE = """<AddPackageWithResources xmlns="http://smbsaas/solidcp/enterpriseserver">
  <userId>58</userId>
  <planId>32</planId>
  <spaceName>afischer main</spaceName>
  <statusId>1</statusId>
  <sendLetter>false</sendLetter>
  <createResources>true</createResources>
  <domainName>fischer.example</domainName>
  <tempDomain>false</tempDomain>
  <createWebSite>true</createWebSite>
  <createFtpAccount>true</createFtpAccount>
  <ftpAccountName>afischer</ftpAccountName>
  <createMailAccount>false</createMailAccount>
  <hostName></hostName>
</AddPackageWithResources>"""

EXCEEDING_SCHEMA = """<xs:schema id="NewDataSet" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:msdata="urn:schemas-microsoft-com:xml-msdata">
      <xs:element name="NewDataSet" msdata:IsDataSet="true" msdata:UseCurrentLocale="true">
        <xs:complexType><xs:choice minOccurs="0" maxOccurs="unbounded">
          <xs:element name="Table"><xs:complexType><xs:sequence>
            <xs:element name="QuotaID" type="xs:int" minOccurs="0" />
            <xs:element name="QuotaName" type="xs:string" minOccurs="0" />
            <xs:element name="QuotaValue" type="xs:int" minOccurs="0" />
          </xs:sequence></xs:complexType></xs:element>
        </xs:choice></xs:complexType>
      </xs:element>
    </xs:schema>"""

ADD_SPACE_REPLY = f"""<AddPackageWithResourcesResponse xmlns="http://smbsaas/solidcp/enterpriseserver">
  <AddPackageWithResourcesResult>
    <Result>140</Result>
    <ExceedingQuotas>
      {EXCEEDING_SCHEMA}
      <diffgr:diffgram xmlns:msdata="urn:schemas-microsoft-com:xml-msdata" xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1" />
    </ExceedingQuotas>
  </AddPackageWithResourcesResult>
</AddPackageWithResourcesResponse>"""

NOW = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+")


def meaning(element: Element) -> object:
    """An element without prefixes, indentation and moments."""
    text = "" if element.has_children else NOW.sub("{now}", text_of(element))
    attributes = sorted((k, v) for k, v in element.attributes.items())
    return (element.namespace, element.name), attributes, text, [meaning(c) for c in element]


def parsed(document: str) -> Element:
    """The root of a document."""
    root = parse(document).root
    assert root is not None, document
    return root


def body_of(reply: Reply) -> Element:
    """The first element in a reply's body."""
    envelope = parsed(b"".join(reply.blocks).decode("utf-8"))
    body = next(c for c in envelope if c.name == "Body")
    return next(iter(body))


@contextmanager
def world(flavour: str = "solidcp-1.5", *, username: str = "afischer", more: str = "") -> Iterator[Site]:
    """The samples' world."""
    with site(flavour, WORLD % (username, more)) as found:
        yield found


def post(found: Site, operation: str, body: str, service: str = "esUsers", *, enveloped: bool = False) -> Reply:
    """Send a sample to the 1.x face with its request head (the password as Base64 of SHA-1, which colons can't harm)."""
    sha1 = base64.b64encode(hashlib.sha1(b"secret:with:colons", usedforsecurity=False).digest()).decode()
    document = body
    if not enveloped:
        envelope = "http://schemas.xmlsoap.org/soap/envelope/"
        document = f'<soap:Envelope xmlns:soap="{envelope}"><soap:Body>{body}</soap:Body></soap:Envelope>'
    headers = {
        "host": "panel.example:9002",
        "authorization": "Basic " + base64.b64encode(f"res1:{sha1}".encode()).decode(),
        "content-type": "text/xml; charset=utf-8",
        "soapaction": f'"{SPACE}/{operation}"',
    }
    request = Request("POST", f"/{service}.asmx", headers=headers, body=document.encode(), host="panel.example:9002")
    return found.app.answer(request)


def test_sample_9_1_get_users_on_1x() -> None:
    with world() as found:
        reply = post(found, "GetUsers", GET_USERS, enveloped=True)
    assert meaning(body_of(reply)) == meaning(parsed(GET_USERS_REPLY))
    header = next(c for c in parsed(b"".join(reply.blocks).decode()) if c.name == "Header")
    assert [e.name for e in header] == ["Action", "MessageID", "RelatesTo", "To"]


def test_sample_9_1_get_users_on_2x() -> None:
    with world("fusecp-2-ef") as found:
        headers = {"content-type": "text/xml", "soapaction": '"http://smbsaas/fusecp/enterpriseserver/IesUsers/GetUsers"'}
        reply = found.app.answer(Request("POST", "/basic/esUsers", headers=headers, body=GET_USERS_2X.encode()))
    assert meaning(body_of(reply)) == meaning(parsed(GET_USERS_2X_REPLY))


def test_sample_9_2_add_user_and_the_taken_name() -> None:
    with world(username="someone") as found:
        answer = '<AddUserResponse xmlns="http://smbsaas/solidcp/enterpriseserver"><AddUserResult>{}</AddUserResult></AddUserResponse>'
        assert meaning(body_of(post(found, "AddUser", ADD_USER))) == meaning(parsed(answer.format(58)))
        assert meaning(body_of(post(found, "AddUser", ADD_USER))) == meaning(parsed(answer.format(-100)))


def test_sample_9_3_get_hosting_plans() -> None:
    spaces = "".join(f"  - {{user: afischer, plan: Basic, name: s{n}}}\n" for n in range(4))
    with world(more=spaces) as found:
        with found.panel.store.writing() as db:
            db.execute("UPDATE servers SET comments = '' WHERE server_id = 2")
        reply = post(found, "GetHostingPlans", GET_PLANS, "esPackages")
    assert meaning(body_of(reply)) == meaning(parsed(GET_PLANS_REPLY))


def test_samples_9_4_and_9_5_a_plan_and_a_space_on_it() -> None:
    more = "  - {id: 139, user: res1, plan: Reseller, name: Another}\n"
    with world(username="someone", more=more) as found:
        post(found, "AddUser", ADD_USER)
        added = body_of(post(found, "AddHostingPlan", ADD_PLAN, "esPackages"))
        assert text_of(next(iter(added))) == "32"
        # the plan of the sample has no web and FTP quotas for a site and an account; this test is about the wire
        with found.panel.store.writing() as db:
            db.execute("INSERT INTO hosting_plan_resources VALUES (32, 2, 1, 1), (32, 3, 1, 1)")
            db.execute("INSERT INTO hosting_plan_quotas SELECT 32, quota_id, 5 FROM quotas WHERE quota_name IN (?, ?)",
                       ("Web.Sites", "FTP.Accounts"))  # fmt: skip
        reply = post(found, "AddPackageWithResources", ADD_SPACE, "esPackages")
        assert meaning(body_of(reply)) == meaning(parsed(ADD_SPACE_REPLY))
        again = body_of(post(found, "AddPackageWithResources", ADD_SPACE, "esPackages"))
    result = next(iter(again))
    assert [(e.name, text_of(e)) for e in result] == [("Result", "-502")]


def test_sample_9_6_a_result_with_exceeding_quotas() -> None:
    columns = (Column("QuotaID", "int"), Column("QuotaName", "string"), Column("QuotaValue", "int"))
    result = {"Result": -305, "ExceedingQuotas": DataSet((Table(columns, [(52, "OS.Diskspace", 512)]),))}
    envelope = "http://schemas.xmlsoap.org/soap/envelope/"
    body = f'<soap:Envelope xmlns:soap="{envelope}"><soap:Body><UpdateHostingPlan xmlns="{SPACE}"/></soap:Body></soap:Envelope>'
    headers = {"content-type": "text/xml", "soapaction": f"{SPACE}/UpdateHostingPlan", "authorization": "Basic cmVzMTp4"}
    request = Request("POST", "/esPackages.asmx", headers=headers, body=body.encode())
    reply = AsmxFace(FakePanel(result), flavour("solidcp-1.5")).answer(request)
    sample = f"""<UpdateHostingPlanResult xmlns="http://smbsaas/solidcp/enterpriseserver">
  <Result>-305</Result>
  <ExceedingQuotas>
    {EXCEEDING_SCHEMA}
    <diffgr:diffgram xmlns:msdata="urn:schemas-microsoft-com:xml-msdata" xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1">
      <NewDataSet xmlns="">
        <Table diffgr:id="Table1" msdata:rowOrder="0">
          <QuotaID>52</QuotaID><QuotaName>OS.Diskspace</QuotaName><QuotaValue>512</QuotaValue>
        </Table>
      </NewDataSet>
    </diffgr:diffgram>
  </ExceedingQuotas>
</UpdateHostingPlanResult>"""
    assert meaning(next(iter(body_of(reply)))) == meaning(parsed(sample))


def test_sample_9_7_a_refused_log_in() -> None:
    with world() as found:
        headers = {"content-type": "text/xml", "soapaction": f"{SPACE}/GetUsers", "authorization": "Basic cmVzMTp3cm9uZw=="}
        reply = found.app.answer(Request("POST", "/esUsers.asmx", headers=headers, body=GET_USERS.encode()))
        assert (reply.status, reply.reason, b"".join(reply.blocks)) == (401, "Access Denied", b"401 Access Denied")
    with world("fusecp-2-ef") as found:
        headers = {"content-type": "text/xml", "soapaction": '"http://smbsaas/fusecp/enterpriseserver/IesUsers/GetUsers"'}
        wrong = GET_USERS_2X.replace("secret:with", "other:with").encode()
        reply = found.app.answer(Request("POST", "/basic/esUsers", headers=headers, body=wrong))
    sample = """<s:Fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">
      <faultcode>s:Client</faultcode>
      <faultstring>Invalid user or password</faultstring>
    </s:Fault>"""
    assert reply.status == 500
    assert meaning(body_of(reply)) == meaning(parsed(sample))


def test_sample_9_8_a_rights_fault() -> None:
    with world() as found:
        foreign = GET_PLANS.replace("<userId>12<", "<userId>1<")
        reply = post(found, "GetHostingPlans", foreign, "esPackages")
    sample = """<soap:Fault xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
      <faultcode>soap:Server</faultcode>
      <faultstring>Server was unable to process request. ---&gt; You are not allowed to access this account</faultstring>
      <detail />
    </soap:Fault>"""
    assert reply.status == 500
    assert meaning(body_of(reply)) == meaning(parsed(sample))
