using System.Net;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;

namespace EdgeHub.Tests.Hosting;

public sealed class CollectorTests : IDisposable
{
    readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task The_metrics_go_to_a_collector_too_when_one_is_configured()
    {
        var stop = TestContext.Current.CancellationToken;
        var address = $"http://127.0.0.1:{Mosquitto.FreePort()}/";
        using var collector = new HttpListener { Prefixes = { address } };
        collector.Start();
        using var daemon = EdgeProcess.Start(scratch.Path, new Dictionary<string, string> { ["EDGEHUB__HTTP__OTLP"] = address.TrimEnd('/'), ["RUNTIME_DIRECTORY"] = scratch.Path }, "run");
        while (!File.Exists(scratch.File("edgehub.sock")))
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);

        // What was measured since the last minute is sent at the stop.
        daemon.Stop();
        var request = await collector.GetContextAsync().WaitAsync(stop);
        using var body = new MemoryStream();
        await request.Request.InputStream.CopyToAsync(body, stop);
        request.Response.Close();
        Assert.Equal(("/v1/metrics", "application/x-protobuf"), (request.Request.Url!.AbsolutePath, request.Request.ContentType));
        Assert.Contains("EdgeHub.Spool", System.Text.Encoding.Latin1.GetString(body.ToArray()), StringComparison.Ordinal);
        Assert.Equal(0, (await daemon.ExitAsync(stop)).Code);
    }
}
