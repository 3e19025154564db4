namespace EdgeHub.DeviceSims.Drills;

/// <summary>A box's own network: a cable to this machine that can be pulled, made lossy and made slow.</summary>
sealed class NetworkNamespace : IAsyncDisposable
{
    readonly string name, here, there;

    // Named for the process, so that two drills at once do not meet.
    NetworkNamespace(int process)
    {
        (name, here, there) = ($"edgehub{process}", $"eh{process}a", $"eh{process}b");
        Address = $"10.{(process >> 8) & 255}.{process & 255}.1";
    }

    /// <summary>This machine's end, for brokers to listen on.</summary>
    public string Address { get; }

    /// <summary>What stands before a command that shall run in there.</summary>
    public IReadOnlyList<string> Prefix => [Tools.Find("ip"), "netns", "exec", name];

    public static async Task<NetworkNamespace> CreateAsync()
    {
        var made = new NetworkNamespace(Environment.ProcessId);
        await made.LayAsync();
        return made;
    }

    async Task LayAsync()
    {
        await Tools.RunAsync("ip", "netns", "add", name);
        await Tools.RunAsync("ip", "link", "add", here, "type", "veth", "peer", "name", there);
        await Tools.RunAsync("ip", "link", "set", there, "netns", name);
        await Tools.RunAsync("ip", "addr", "add", $"{Address}/24", "dev", here);
        await Tools.RunAsync("ip", "link", "set", here, "up");
        await InsideAsync("ip", "addr", "add", $"{Address[..^1]}2/24", "dev", there);
        await InsideAsync("ip", "link", "set", "lo", "up");
        await InsideAsync("ip", "link", "set", there, "up");
    }

    public Task CutAsync() => Tools.RunAsync("ip", "link", "set", here, "down");

    public Task MendAsync() => Tools.RunAsync("ip", "link", "set", here, "up");

    /// <summary>From the box out: so many of a hundred TCP packets are lost, at most so many bits a second.</summary>
    public async Task WorsenAsync(int lossPercent, string rate)
    {
        await InsideAsync("nft", $$"""
            table inet bad {
              chain out {
                type filter hook output priority 0; policy accept;
                oifname "{{there}}" meta l4proto tcp numgen random mod 100 < {{lossPercent}} counter drop
              }
            }
            """);
        await InsideAsync("tc", "qdisc", "add", "dev", there, "root", "tbf", "rate", rate, "burst", "4kb", "latency", "400ms");
    }

    public async Task HealAsync()
    {
        await InsideAsync("nft", "flush ruleset");
        await InsideAsync("tc", "qdisc", "del", "dev", there, "root");
    }

    public async ValueTask DisposeAsync()
    {
        await Tools.TryAsync("ip", "netns", "del", name);
        await Tools.TryAsync("ip", "link", "del", here);
    }

    Task<string> InsideAsync(string program, params string[] arguments) =>
        Tools.RunAsync("ip", ["netns", "exec", name, Tools.Find(program), .. arguments]);
}
