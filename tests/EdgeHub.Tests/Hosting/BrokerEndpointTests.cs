using EdgeHub.Hosting.Secrets;
using EdgeHub.Hosting.Settings;
using EdgeHub.Hosting.Tls;
using Xunit;

namespace EdgeHub.Tests.Hosting;

public sealed class BrokerEndpointTests
{
    const string Password = "canary-7f3a";

    [Theory]
    [InlineData("""{"broker":"mqtt://city"}""", "mqtt://city:1883")]
    [InlineData("""{"broker":"mqtts://city:9883/"}""", "mqtts://city:9883")]
    [InlineData("""{"broker":"mqtts://[::1]"}""", "mqtts://[::1]:8883")]
    [InlineData("{}", "mqtt://127.0.0.1:1883")]
    public void An_address_may_leave_out_its_port(string json, string expected)
    {
        var document = Document(json);
        Assert.Equal(expected, BrokerEndpoint.Read(document.Root).ToString());
        Assert.Empty(document.Errors);
    }

    [Theory]
    [InlineData("""{"broker":"city:1883"}""", "broker")]
    [InlineData("""{"broker":"http://city"}""", "broker")]
    [InlineData("""{"broker":"mqtt://me:canary-7f3a@city"}""", "broker")]
    [InlineData("""{"password":"canary-7f3a"}""", "user")]
    [InlineData("""{"user":"me","password":"canary-7f3a","passwordFile":"/nowhere"}""", "password")]
    [InlineData("""{"user":"me","passwordFile":"/nowhere"}""", "passwordFile")]
    [InlineData("""{"caFile":"/nowhere","broker":"mqtts://city"}""", "caFile")]
    [InlineData("""{"caFile":"/etc/hostname"}""", "broker")]
    [InlineData("""{"certificateFile":"/etc/hostname","broker":"mqtts://city"}""", "keyFile")]
    public void What_cannot_work_is_an_error_with_key_and_fix_and_without_the_password(string json, string key)
    {
        var document = Document(json);
        BrokerEndpoint.Read(document.Root);
        var error = Assert.Single(document.Errors, error => error.Key == key);
        Assert.NotEmpty(error.Fix);
        Assert.DoesNotContain(Password, string.Join('\n', document.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_comes_from_a_file_or_a_credential_and_prints_as_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("edgehub-secret-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(directory, "mqtt"), Password + "\n");
            foreach (var file in new[] { Path.Combine(directory, "mqtt"), "credential:mqtt" })
            {
                var document = Document($$"""{"passwordFile":"{{file}}"}""");
                var secret = Secret.Read(document.Root, "password", directory);
                Assert.Empty(document.Errors);
                Assert.Equal(Password, secret?.Reveal());
                Assert.DoesNotContain(Password, $"{secret}", StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_credential_without_a_service_manager_says_what_is_missing()
    {
        var document = Document("""{"passwordFile":"credential:mqtt"}""");
        Assert.Null(Secret.Read(document.Root, "password", ""));
        Assert.Contains("LoadCredential", Assert.Single(document.Errors).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_prints_no_password()
    {
        var endpoint = BrokerEndpoint.Read(Document($$"""{"user":"me","password":"{{Password}}"}""").Root);
        Assert.Equal(Password, endpoint.Password?.Reveal());
        Assert.DoesNotContain(Password, endpoint.ToString(), StringComparison.Ordinal);
    }

    static SettingsDocument Document(string json) =>
        SettingsDocument.FromText(json, "test", "TEST__", new Dictionary<string, string>());
}
