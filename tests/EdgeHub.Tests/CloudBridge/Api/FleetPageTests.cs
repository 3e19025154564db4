using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeHub.CloudBridge.Api;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire;

namespace EdgeHub.Tests.CloudBridge.Api;

/// <summary>The fleet page in a real browser, as a person on the street sees it.</summary>
public sealed class FleetPageTests
{
    const int TestMsMax = 120_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestMsMax)]
    [InlineData(360, 740)]
    [InlineData(1280, 800)]
    public async Task Each_box_is_one_line_with_what_a_person_needs_and_nothing_runs_over_the_edge(int width, int height)
    {
        Chromium.SkipUnlessInstalled();
        await using var city = await FleetAsync();
        await using var browser = await OpenAsync(city, width, height);
        var entries = await TextsAsync(browser, "document.querySelectorAll('.entry')");
        Assert.Equal(4, entries.Count);
        // What needs a look comes first.
        Assert.Equal(["box-a", "box-b", "pump-7", "well-1"], (await TextsAsync(browser, "document.querySelectorAll('.name')")).Select(name => name));
        foreach (var expected in new[] { "1 of 2 ok", "12 records, 90 s left", "Sensor pms2: no answer", "◐ Silent", "days ago" })
            Assert.Contains(expected, entries[0], StringComparison.Ordinal);
        Assert.Contains("○ Offline", entries[1], StringComparison.Ordinal);
        Assert.Contains("3 missing", entries[2], StringComparison.Ordinal);
        Assert.Contains("2 lost", entries[2], StringComparison.Ordinal);
        Assert.Contains("● Online", entries[3], StringComparison.Ordinal);
        Assert.Equal("4 boxes, 3 to look at.", (await browser.EvaluateAsync("document.getElementById('summary').textContent", Stop))!.GetValue<string>());
        Assert.True((await browser.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth", Stop))!.GetValue<bool>());
        await browser.EvaluateAsync("document.querySelector('.name').click()", Stop);
        await browser.UntilAsync("document.querySelector('.values dd')", Stop);
        Assert.True((await browser.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth", Stop))!.GetValue<bool>());
        await KeepAsync(browser, $"fleet-{width}");
        Assert.Empty(browser.Complaints);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task With_the_keyboard_alone_a_box_opens_and_shows_the_newest_value_of_each_sensor()
    {
        Chromium.SkipUnlessInstalled();
        await using var city = await FleetAsync();
        await using var browser = await OpenAsync(city, 390, 844);
        for (var i = 0; i < 20 && (await browser.EvaluateAsync("document.activeElement.dataset.gateway ?? ''", Stop))!.GetValue<string>() != "box-a"; i++)
            await browser.PressAsync("Tab", 9, Stop);
        Assert.NotEqual("none", (await browser.EvaluateAsync("getComputedStyle(document.activeElement).outlineStyle", Stop))!.GetValue<string>());
        await browser.PressAsync("Enter", 13, Stop);
        await browser.UntilAsync("document.querySelector('.values dd')", Stop);
        // The focus stays on the name, also after the list was drawn anew.
        Assert.Equal("true", (await browser.EvaluateAsync("document.activeElement.getAttribute('aria-expanded')", Stop))!.GetValue<string>());
        var panel = (await browser.EvaluateAsync("document.querySelector('.more').innerText", Stop))!.GetValue<string>();
        foreach (var expected in new[] { "pms1", "● ok", "pm2_5", "9 ug/m3", "pms2", "silent: no answer for 30 s" })
            Assert.Contains(expected, panel, StringComparison.Ordinal);
        Assert.Equal("#box-a", (await browser.EvaluateAsync("location.hash", Stop))!.GetValue<string>());
        await browser.PressAsync("Enter", 13, Stop);
        await browser.UntilAsync("!document.querySelector('.more')", Stop);
    }

    [Fact(Timeout = TestMsMax)]
    public async Task A_search_and_a_state_leave_the_boxes_that_fit()
    {
        Chromium.SkipUnlessInstalled();
        await using var city = await FleetAsync();
        await using var browser = await OpenAsync(city, 390, 844);
        await browser.EvaluateAsync("document.getElementById('q').focus()", Stop);
        await browser.TypeAsync("PUMP-7", Stop);
        await browser.UntilAsync("document.querySelectorAll('.entry').length === 1", Stop);
        Assert.Equal(["pump-7"], await TextsAsync(browser, "document.querySelectorAll('.name')"));
        await browser.EvaluateAsync("document.getElementById('q').value = ''; document.querySelector('input[value=offline]').click()", Stop);
        await browser.UntilAsync("document.querySelector('.name')?.textContent === 'box-b'", Stop);
        Assert.Equal(["box-b"], await TextsAsync(browser, "document.querySelectorAll('.name')"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task What_a_box_says_is_text_whatever_it_says()
    {
        Chromium.SkipUnlessInstalled();
        await using var city = await FleetAsync();
        city.Fleet.Note(Status("well-1", "<img src=x onerror=\"window.owned=1\"><script>window.owned=1</script>"));
        await using var browser = await OpenAsync(city, 390, 844);
        await browser.UntilAsync("document.body.innerText.includes('<img src=x')", Stop);
        Assert.Equal(0, (await browser.EvaluateAsync("document.querySelectorAll('#rows img, #rows script').length + (window.owned ?? 0)", Stop))!.GetValue<int>());
    }

    [Fact(Timeout = TestMsMax)]
    public async Task With_keys_the_page_asks_for_one_and_shows_what_the_key_may_see()
    {
        Chromium.SkipUnlessInstalled();
        var (key, reader) = (ApiKey.New().Key, ApiKey.New().Key);
        await using var city = await FleetAsync(new ApiOptions
        {
            Keys = [new ApiKey("street", ApiRole.Operator, "330106/006", SHA256.HashData(Encoding.UTF8.GetBytes(key))), new ApiKey("reader", ApiRole.Reader, "", SHA256.HashData(Encoding.UTF8.GetBytes(reader)))],
        });
        await using var browser = await Chromium.OpenAsync(city.Api.Address!, 390, 844, Stop);
        foreach (var (given, until) in new[] { ("ehk_wrong", "document.getElementById('trouble').textContent.includes('not known')"), (reader, "document.getElementById('trouble').textContent.includes('operator')"), (key, "document.querySelectorAll('.entry').length === 1") })
        {
            await browser.UntilAsync("!document.getElementById('key-form').hidden", Stop);
            await KeepAsync(browser, "fleet-key");
            await browser.EvaluateAsync("document.getElementById('key').focus()", Stop);
            await browser.TypeAsync(given, Stop);
            await browser.PressAsync("Enter", 13, Stop);
            await browser.UntilAsync(until, Stop);
        }

        Assert.Equal(["box-b"], await TextsAsync(browser, "document.querySelectorAll('.name')"));
    }

    [Fact(Timeout = TestMsMax)]
    public async Task Every_word_stands_out_from_its_ground_and_every_control_has_a_name_and_room_for_a_finger()
    {
        Chromium.SkipUnlessInstalled();
        await using var city = await FleetAsync();
        await using var browser = await OpenAsync(city, 390, 844);
        await browser.EvaluateAsync("document.querySelector('.name').click()", Stop);
        await browser.UntilAsync("document.querySelector('.values dd')", Stop);
        // WCAG 2.2: contrast 1.4.6 (7:1, for bright light), target size 2.5.8, names 4.1.2.
        const string faults = """
            (() => {
              const light = c => { const [r, g, b] = c.match(/[\d.]+/g).slice(0, 3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
              const ground = node => { for (let n = node; n; n = n.parentElement) { const c = getComputedStyle(n).backgroundColor; if (!/, 0\)$/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
              const faults = [];
              for (const node of document.querySelectorAll('body *')) {
                if (![...node.childNodes].some(c => c.nodeType === 3 && c.textContent.trim()) || node.closest('[hidden]') || node.tagName === 'SCRIPT') continue;
                const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
                const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                if (ratio < 7) faults.push(`${node.className || node.tagName} has ${ratio.toFixed(1)}`);
              }
              for (const node of document.querySelectorAll('button, input, a')) {
                if (node.closest('[hidden]') || node.className === 'skip') continue;
                const name = node.textContent.trim() || node.labels?.[0]?.textContent.trim() || node.getAttribute('aria-label');
                if (!name) faults.push(`${node.outerHTML} has no name`);
                const box = (node.type === 'radio' ? node.nextElementSibling : node).getBoundingClientRect();
                if (Math.min(box.width, box.height) < 24) faults.push(`${name} is ${box.width} x ${box.height}`);
              }
              return faults;
            })()
            """;
        Assert.Empty((await browser.EvaluateAsync(faults, Stop))!.AsArray().Select(fault => fault!.GetValue<string>()));
        Assert.Equal("en", (await browser.EvaluateAsync("document.documentElement.lang", Stop))!.GetValue<string>());
    }

    static async Task<Chromium> OpenAsync(CityStand city, int width, int height)
    {
        var browser = await Chromium.OpenAsync(city.Api.Address!, width, height, Stop);
        await browser.UntilAsync("document.querySelector('.entry')", Stop);
        return browser;
    }

    static async Task<IReadOnlyList<string>> TextsAsync(Chromium browser, string nodes) =>
        [.. ((JsonArray)(await browser.EvaluateAsync($"[...{nodes}].map(node => node.innerText.replace(/\\s+/g, ' '))", Stop))!).Select(text => text!.GetValue<string>())];

    // For whoever wants to look.
    static async Task KeepAsync(Chromium browser, string name)
    {
        if (Environment.GetEnvironmentVariable("EDGEHUB_SCREENSHOTS") is { Length: > 0 } directory)
            await File.WriteAllBytesAsync(Path.Combine(directory, $"{name}.png"), await browser.ScreenshotAsync(Stop), Stop);
    }

    static async Task<CityStand> FleetAsync(ApiOptions? options = null)
    {
        var city = await CityStand.StartAsync(null, Stop, options);
        await QueryTests.FillAsync(city);
        var holes = new TestBox("pump-7", 3);
        holes.AddCatalog(2, "pump-room-7", "330106/005/014");
        for (var i = 0; i < 8; i++)
            holes.AddBlock(4, 1000 + (i * 10_000));
        holes.AddTombstone(holes.Spool, 3, 4);
        var well = new TestBox("well-1", 4, offset: DateTimeOffset.UnixEpoch.ToUnixTimeMilliseconds() + TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 10_000);
        well.AddCatalog(1, "market-gate", "330106/005/013");
        well.AddBlock(4, 1000);
        await city.CommitAsync([.. holes.Deliver(1, 2), .. holes.Deliver(8, holes.Head), .. well.DeliverAll()]);
        city.Fleet.NoteRetained(Status("box-a", "Sensor pms2: no answer for 30 s: check its cable.", ("pms1", "ok"), ("pms2", "silent: no answer for 30 s")) with { Backlog = new BacklogStatus(12, 5000, 90_000) });
        city.Fleet.Note(GatewayStatus.Offline("box-b", "0.1.0", "boot"));
        city.Fleet.Note(Status("pump-7", "Ok.", ("pms1", "ok"), ("pms2", "ok")) with { Backlog = new BacklogStatus(0, null, null) });
        city.Fleet.Note(Status("well-1", "Ok.", ("pms1", "ok")) with { Backlog = new BacklogStatus(0, null, null) });
        return city;
    }

    static GatewayStatus Status(string gateway, string sentence, params (string Sensor, string State)[] sensors) =>
        new(gateway, true, "0.1.0", "boot", TestBox.Offset, sentence, sensors.ToDictionary(sensor => $"sensor/{sensor.Sensor}", sensor => sensor.State), []);
}
