using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>One box of a stand: its daemon, and what it says of itself.</summary>
sealed class DrillBox(ProcessNursery nursery, string gateway, string[] command, string log, IReadOnlyDictionary<string, string> environment, string socket) : IAsyncDisposable
{
    readonly EdgeProbe probe = new(socket);
    readonly Child process = new(nursery, gateway, Tools.Find(command[0]), command[1..], log, environment);

    public string Gateway => gateway;

    public Child Process => process;

    /// <summary>The most that it ever called recorded.</summary>
    public long Promised { get; private set; }

    /// <summary>Null while it does not answer.</summary>
    public async Task<EdgeView?> ViewAsync()
    {
        var view = await probe.ReadAsync();
        Promised = Math.Max(Promised, view?.Recorded ?? 0);
        return view;
    }

    public async ValueTask DisposeAsync()
    {
        probe.Dispose();
        await process.DisposeAsync();
    }
}
