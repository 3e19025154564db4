using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>
/// Who may do what at the embedded broker. Without users everybody may do everything, and then it listens on loopback
/// only. A box speaks and hears below its own id; a platform user hears everything and may command.
/// </summary>
public sealed class BrokerGuard
{
    readonly Topics topics;
    readonly Dictionary<string, BrokerUser> users;

    public BrokerGuard(IEnumerable<BrokerUser> users, Topics topics)
    {
        ArgumentNullException.ThrowIfNull(users);
        this.topics = topics;
        // The last of two entries with one name counts, as in any password file.
        this.users = [];
        foreach (var user in users)
            this.users[user.Name] = user;
    }

    public bool MayConnect(string? name, string? password) =>
        users.Count == 0 || (name is not null && users.TryGetValue(name, out var user) && user.Accepts(password ?? ""));

    public bool MayPublish(string? name, string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (users.Count == 0)
            return true;
        if (name is null || !users.TryGetValue(name, out var user))
            return false;
        var isOurs = topics.TryParse(topic, out var gateway, out var kind);
        var isForBoxes = kind == "ack" || kind.StartsWith("commands/", StringComparison.Ordinal);
        // Acks are the bridge's alone: a forged one would make a box let go of what nobody has.
        return user.Gateway is { } own
            ? isOurs && gateway == own && !isForBoxes
            : isOurs ? isForBoxes && kind != "ack" : !topic.StartsWith(topics.Prefix + "/", StringComparison.Ordinal);
    }

    public bool MaySubscribe(string? name, string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (users.Count == 0)
            return true;
        return name is not null && users.TryGetValue(name, out var user)
            && (user.Gateway is not { } own || filter.StartsWith($"{topics.Prefix}/{own}/", StringComparison.Ordinal));
    }
}
