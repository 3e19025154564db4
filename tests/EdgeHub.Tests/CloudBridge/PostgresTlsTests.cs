using System.Diagnostics;
using EdgeHub.CloudBridge.Store;
using EdgeHub.CloudBridge.Store.Postgres;
using EdgeHub.Hosting.Tls;
using EdgeHub.Tests.Servers;
using Npgsql;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

public sealed class PostgresTlsTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task The_database_is_checked_by_the_city_s_authority_and_a_wrong_one_is_named()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("Somebody else");
        var (certificate, key) = authority.Issue("127.0.0.1");
        var directory = Directory.CreateTempSubdirectory("edgehub-pgtls-").FullName;
        try
        {
            await ShowAsync(directory, certificate, key);
            await using var server = PostgresServer.With("ssl=on", $"ssl_cert_file={directory}/server.pem", $"ssl_key_file={directory}/server.key");
            var connection = await server.CreateDatabaseAsync(Stop);
            await using (var store = await PostgresStore.OpenAsync(Options(connection, authority.CaFile), TimeProvider.System, Stop))
            {
                await using var transaction = await store.BeginAsync(Stop);
                Assert.Equal(1, await transaction.NumberAsync("SELECT ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid()", Stop));
            }

            var refused = await Assert.ThrowsAsync<NpgsqlException>(() => PostgresStore.OpenAsync(Options(connection, stranger.CaFile), TimeProvider.System, Stop));
            Assert.Contains("City test authority, which is not trusted here", refused.ToString(), StringComparison.Ordinal);
            Assert.Contains("caFile", refused.InnerException?.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    static StoreOptions Options(string connection, string caFile) => new() { Kind = StoreKind.Postgres, Connection = connection, Tls = new TlsFiles(caFile, null, null) };

    // The server reads its key only when it is its own and nobody else's.
    static async Task ShowAsync(string directory, string certificate, string key)
    {
        File.Copy(certificate, Path.Combine(directory, "server.pem"));
        File.Copy(key, Path.Combine(directory, "server.key"));
        File.SetUnixFileMode(Path.Combine(directory, "server.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (!Environment.IsPrivilegedProcess)
            return;
        using var chown = Process.Start("chown", ["-R", PostgresServer.Account, directory]);
        await chown.WaitForExitAsync(Stop);
    }
}
