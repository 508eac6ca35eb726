<?php
// Answers calls that come as JSON, one a line, by PHP's SoapClient built from the panel's WSDL (contract 8.1): nothing patched.
// Arguments: URL of the panel, face (asmx or corewcf), WSDL form (plain or single). A line {"actor": [user, password], "service", "operation",
// "parameters"}; the answer {"value": …} or {"fault": [code, text]}.
[$script, $url, $face, $form] = $argv;
ini_set('soap.wsdl_cache_enabled', '0');

function client(string $url, string $face, string $form, array $actor, string $service): SoapClient
{
    if ($face === 'asmx') {
        return new SoapClient("$url/$service.asmx?WSDL", [
            'login' => $actor[0], 'password' => $actor[1], 'cache_wsdl' => WSDL_CACHE_NONE, 'keep_alive' => false,
            'compression' => SOAP_COMPRESSION_ACCEPT | SOAP_COMPRESSION_GZIP,
        ]);
    }
    $client = new SoapClient("$url/$service?" . ($form === 'single' ? 'singleWsdl' : 'wsdl'), ['cache_wsdl' => WSDL_CACHE_NONE]);
    $escaped = array_map(fn (string $text): string => htmlspecialchars($text, ENT_XML1), $actor);
    $xml = '<h:Credentials xmlns:h="http://fusecp.com/headers/Credentials" xmlns="http://fusecp/credentials">'
        . "<Password>{$escaped[1]}</Password><Username>{$escaped[0]}</Username></h:Credentials>";
    $header = new SoapVar($xml, XSD_ANYXML);
    $client->__setSoapHeaders(new SoapHeader('http://fusecp.com/headers/Credentials', 'Credentials', $header));
    return $client;
}

while (($line = fgets(STDIN)) !== false) {
    $call = json_decode($line, true);
    try {
        $client = client($url, $face, $form, $call['actor'], $call['service']);
        $result = $client->__soapCall($call['operation'], [$call['parameters']]);
        $name = $call['operation'] . 'Result';
        $answer = ['value' => $result->$name ?? null];
    } catch (SoapFault $fault) {
        $answer = ['fault' => [$fault->faultcode, $fault->faultstring]];
    }
    echo json_encode($answer), "\n";
    flush();
}
