using EdgeHub.Wire;

namespace EdgeHub.Edge.Uplink;

/// <summary>
/// Which store's acks count, across restarts: a file of one line. Lost with a power cut it costs nothing: the next ack pins again.
/// </summary>
public sealed class StorePin(string path)
{
    public string? Read()
    {
        if (!File.Exists(path))
            return null;
        var store = File.ReadAllText(path).Trim();
        return store.Length is > 0 and <= Identifiers.LengthMax ? store : null;
    }

    public void Write(string store)
    {
        var next = path + ".new";
        File.WriteAllText(next, store + "\n");
        File.Move(next, path, overwrite: true);
    }
}
