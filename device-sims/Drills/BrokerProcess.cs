using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>A real mosquitto that can be killed, wiped, frozen and started again on its port.</summary>
sealed class BrokerProcess : IAsyncDisposable
{
    readonly string directory;
    readonly Child process;

    /// <param name="more">Lines of mosquitto.conf behind the listener.</param>
    public BrokerProcess(ProcessNursery nursery, string directory, string address, int port, params string[] more)
    {
        (this.directory, Address, Port) = (directory, address, port);
        Directory.CreateDirectory(Data);
        var file = Path.Combine(directory, "mosquitto.conf");
        string[] head = ["user root", "per_listener_settings false", $"listener {port} {address}", "allow_anonymous true", "persistence true", $"persistence_location {Data}/", "max_queued_messages 10000", "max_inflight_messages 1000"];
        File.WriteAllLines(file, [.. head, .. more]);
        process = new Child(nursery, "mosquitto", Tools.Find("mosquitto"), ["-c", file], Path.Combine(directory, "mosquitto.log"));
    }

    public string Address { get; }

    public int Port { get; }

    string Data => Path.Combine(directory, "data");

    public Task StartAsync() => process.StartAsync();

    public Task KillAsync() => process.KillAsync();

    public void Freeze() => process.Freeze();

    public void Thaw() => process.Thaw();

    /// <summary>Everything that it kept on disk is gone.</summary>
    public void Wipe()
    {
        foreach (var file in Directory.EnumerateFiles(Data))
            File.Delete(file);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
