using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using EdgeHub.Tests.DeviceSims;

namespace EdgeHub.Tests.Servers;

/// <summary>A real browser without a window, driven over its own protocol (Chrome DevTools) by a plain WebSocket; ended by its process id.</summary>
sealed class Chromium : IAsyncDisposable
{
    const string Program = "/usr/bin/chromium";

    readonly ClientWebSocket socket = new();
    readonly Process process;
    ScratchDirectory? profile;
    int calls;

    Chromium(Process process) => this.process = process;

    /// <summary>What the page has said on its console as an error, and what it has thrown.</summary>
    public List<string> Complaints { get; } = [];

    public static void SkipUnlessInstalled() => Assert.SkipUnless(File.Exists(Program), "This test needs a browser: install the Debian package chromium.");

    /// <summary>A page of this size in CSS pixels.</summary>
    public static async Task<Chromium> OpenAsync(Uri page, int width, int height, CancellationToken stop)
    {
        SkipUnlessInstalled();
        // The sandbox wants namespaces that a container or root does not have; the page under test is our own.
        string[] arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0", "about:blank"];
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        var profile = new ScratchDirectory();
        start.ArgumentList.Add($"--user-data-dir={profile.Path}");
        var chromium = new Chromium(Process.Start(start)!);
        chromium.profile = profile;
        try
        {
            var port = await chromium.PortAsync(stop);
            using var http = new HttpClient();
            var targets = await http.GetFromJsonAsync<JsonArray>(new Uri($"http://127.0.0.1:{port}/json/list"), stop);
            await chromium.socket.ConnectAsync(new Uri(targets!.First(target => target!["type"]!.GetValue<string>() == "page")!["webSocketDebuggerUrl"]!.GetValue<string>()), stop);
            foreach (var domain in new[] { "Page", "Runtime", "Log" })
                await chromium.CallAsync($"{domain}.enable", [], stop);
            await chromium.ResizeAsync(width, height, stop);
            await chromium.CallAsync("Page.navigate", new JsonObject { ["url"] = page.ToString() }, stop);
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    public Task ResizeAsync(int width, int height, CancellationToken stop) =>
        CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 }, stop);

    /// <summary>The value of an expression in the page; a promise is waited for.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression, CancellationToken stop)
    {
        var answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true }, stop);
        return answer["exceptionDetails"] is { } thrown ? throw new InvalidOperationException(thrown.ToJsonString()) : answer["result"]!["value"];
    }

    /// <summary>Waits until an expression is true in the page; while the page is still coming it is not.</summary>
    public async Task UntilAsync(string expression, CancellationToken stop)
    {
        while ((await EvaluateAsync($"(() => {{ try {{ return !!({expression}) }} catch {{ return false }} }})()", stop))?.GetValue<bool>() != true)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stop);
    }

    /// <summary>A key as a person presses it: <c>Tab</c>, <c>Enter</c>.</summary>
    public async Task PressAsync(string key, int code, CancellationToken stop)
    {
        foreach (var type in new[] { "keyDown", "keyUp" })
        {
            var press = new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code };
            if (key == "Enter" && type == "keyDown")
                press["text"] = "\r";
            await CallAsync("Input.dispatchKeyEvent", press, stop);
        }
    }

    public Task TypeAsync(string text, CancellationToken stop) => CallAsync("Input.insertText", new JsonObject { ["text"] = text }, stop);

    /// <summary>The whole page as PNG.</summary>
    public async Task<byte[]> ScreenshotAsync(CancellationToken stop) =>
        Convert.FromBase64String((await CallAsync("Page.captureScreenshot", new JsonObject { ["captureBeyondViewport"] = true }, stop))["data"]!.GetValue<string>());

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        profile?.Dispose();
    }

    async Task<int> PortAsync(CancellationToken stop)
    {
        while (await process.StandardError.ReadLineAsync(stop) is { } line)
            if (line.StartsWith("DevTools listening on ", StringComparison.Ordinal))
            {
                // Whoever does not read a pipe stops who writes into it.
                process.ErrorDataReceived += static (_, _) => { };
                process.OutputDataReceived += static (_, _) => { };
                process.BeginOutputReadLine();
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                return new Uri(line["DevTools listening on ".Length..]).Port;
            }

        throw new IOException("The browser ended before it listened.");
    }

    async Task<JsonObject> CallAsync(string method, JsonObject parameters, CancellationToken stop)
    {
        var id = ++calls;
        await socket.SendAsync(Encoding.UTF8.GetBytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString()), WebSocketMessageType.Text, true, stop);
        while (true)
        {
            var message = JsonNode.Parse(await ReceiveAsync(stop))!.AsObject();
            if (message["id"]?.GetValue<int>() == id)
                return message["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : message["result"]!.AsObject();
            if (message["method"]?.GetValue<string>() is "Runtime.exceptionThrown" || (message["method"]?.GetValue<string>() is "Log.entryAdded" && message["params"]!["entry"]!["level"]!.GetValue<string>() == "error"))
                Complaints.Add(message["params"]!.ToJsonString());
        }
    }

    async Task<string> ReceiveAsync(CancellationToken stop)
    {
        using var whole = new MemoryStream();
        var part = new byte[64 << 10];
        while (true)
        {
            var received = await socket.ReceiveAsync(part, stop);
            await whole.WriteAsync(part.AsMemory(0, received.Count), stop);
            if (received.EndOfMessage)
                return Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
        }
    }
}
