using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EdgeHub.Edge.Spool.Accounting;
using EdgeHub.Hosting.Status;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Bundles;

/// <summary>The desk in the running daemon, over its local socket.</summary>
/// <exception cref="IOException">The daemon went away, or is another version: the message says so.</exception>
sealed class DaemonDesk(string socket) : ISpoolDesk
{
    readonly HttpClient http = StatusClient.Open(socket, TimeSpan.FromSeconds(30));

    public async Task<IReadOnlyList<DeskSpool>> SpoolsAsync(CancellationToken stop) =>
        JsonSerializer.Deserialize(await AskAsync(new HttpRequestMessage(HttpMethod.Get, DeskPages.Spools), stop) ?? throw Other(), BundlesJson.Default.DeskSpoolArray) ?? throw Other();

    public async Task<byte[]?> PackAsync(SpoolId spool, NumberRange numbers, CancellationToken stop) =>
        await AskAsync(new HttpRequestMessage(HttpMethod.Get, $"{DeskPages.Envelope}?spool={spool}&first={numbers.First}&last={numbers.Last}"), stop);

    public async Task<DeskAnswer> SettleAsync(Ack ack, CancellationToken stop)
    {
        var content = new ByteArrayContent(ack.ToJson());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return JsonSerializer.Deserialize(await AskAsync(new HttpRequestMessage(HttpMethod.Post, DeskPages.Ack) { Content = content }, stop) ?? throw Other(), BundlesJson.Default.DeskAnswer) ?? throw Other();
    }

    public async Task<BoxBooks> BooksAsync(CancellationToken stop) =>
        JsonSerializer.Deserialize(await AskAsync(new HttpRequestMessage(HttpMethod.Get, DeskPages.Books), stop) ?? throw Other(), BundlesJson.Default.BoxBooks) ?? throw Other();

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task<byte[]?> AskAsync(HttpRequestMessage request, CancellationToken stop)
    {
        using (request)
            try
            {
                using var answer = await http.SendAsync(request, stop);
                if (answer.StatusCode == HttpStatusCode.NotFound)
                    return null;
                return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(stop) : throw new IOException($"The daemon refuses: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
            }
            catch (HttpRequestException e)
            {
                throw new IOException($"The daemon on {socket} went away: {e.Message}", e);
            }
            catch (TaskCanceledException e) when (!stop.IsCancellationRequested)
            {
                throw new IOException($"The daemon on {socket} gave no answer within {http.Timeout.TotalSeconds:0} s.", e);
            }
    }

    IOException Other() => new($"What answers on {socket} is no edgehub of this version: restart the service after an update.");
}
