using System.Text;
using EdgeHub.Simulation.Network;
using EdgeHub.Simulation.World;
using EdgeHub.Wire;

namespace EdgeHub.Simulation.Faults;

/// <summary>Somebody who speaks on the ack topic and should not; and the rules that are broken on purpose on the city's side.</summary>
sealed class Aggressor : IDisposable
{
    const string ForeignStore = "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0";

    readonly SimWorld world;
    readonly EnvelopeCodec codec = new();
    Envelope? seen;
    (SpoolId Spool, ulong Number)? swallowed;

    Aggressor(SimWorld world) => this.world = world;

    /// <summary>A demonstration's bridge hears the box too, stores what it sends, and says so.</summary>
    public bool IsForeignBridge { get; set; }

    static string Topic => new Topics().Ack(SimBox.Id);

    public static void Attach(SimWorld world)
    {
        var aggressor = new Aggressor(world);
        foreach (var broker in world.Brokers)
        {
            broker.Confirmed = payload => aggressor.See(broker, payload);
            broker.Swallows = world.Sabotage == Sabotage.MissingResend ? aggressor.Swallows : null;
            // Asked for again is what was let go too early: with that net below, none of these rules would show.
            broker.LosesMissing = world.Sabotage is Sabotage.DeleteOnPubAck or Sabotage.StoreIdIgnored or Sabotage.DigestIgnored or Sabotage.AckBeforeCommit;
        }

        world.Aggressor = aggressor;
    }

    /// <summary>Acks that must release nothing: of another store, with another digest, beyond the head, for an unknown spool, and no ack at all.</summary>
    public static void Forge(SimWorld world, Chance chance)
    {
        if (world.Aggressor.seen is not { } envelope)
            return;
        world.Story.Tell("somebody forges acks");
        var digest = RecordHash.DigestOf(envelope.Hashes());
        var wrong = RecordHash.Of([(byte)chance.Next(256)]);
        var beyond = new NumberRange(envelope.Numbers.First, envelope.Numbers.Last + 1_000_000);
        byte[][] forged =
        [
            new Ack(ForeignStore, envelope.Spool, [envelope.Numbers], [], digest, []).ToJson(),
            new Ack(ForeignStore, envelope.Spool, [], [], RecordHash.DigestOf([]), [envelope.Numbers]).ToJson(),
            new Ack(world.City.StoreId, envelope.Spool, [envelope.Numbers], [], wrong, []).ToJson(),
            new Ack(world.City.StoreId, envelope.Spool, [beyond], [], digest, []).ToJson(),
            new Ack(world.City.StoreId, new SpoolId(chance.Next128()), [envelope.Numbers], [], digest, []).ToJson(),
            Encoding.UTF8.GetBytes("""{"v":1,"store":"""),
        ];
        foreach (var ack in forged)
            world.Brokers[0].PublishAck(Topic, ack);
    }

    public void Dispose() => codec.Dispose();

    void See(SimBroker broker, byte[] payload)
    {
        seen = codec.TryDecode(payload, out _);
        if (seen is null)
        {
            world.Oracle.Abort("the box sent an envelope that cannot be decoded");
            return;
        }

        if (world.Sabotage == Sabotage.DeleteOnPubAck)
            broker.PublishAck(Topic, AckOf(seen, world.City.StoreId));
        if (IsForeignBridge)
            broker.PublishAck(Topic, AckOf(seen, ForeignStore));
    }

    /// <summary>What the bridge says at once when its rule is broken.</summary>
    public void Arrived(SimBroker broker, byte[] payload)
    {
        if (world.Sabotage == Sabotage.AckBeforeCommit && codec.TryDecode(payload, out _) is { } envelope)
            broker.PublishAck(Topic, AckOf(envelope, world.City.StoreId));
    }

    // The first envelope that is lost on the way is lost each time.
    bool Swallows(byte[] payload)
    {
        if (codec.TryDecode(payload, out _) is not { } envelope)
            return false;
        swallowed ??= (envelope.Spool, envelope.Numbers.Last);
        return envelope.Spool == swallowed.Value.Spool && envelope.Numbers.Contains(swallowed.Value.Number);
    }

    /// <summary>What the box reads of a message: whose ack it is, it does not look at when that rule is broken.</summary>
    public byte[] Read(byte[] payload) =>
        world.Sabotage == Sabotage.StoreIdIgnored && Ack.TryParse(payload, out _) is { } ack ? (ack with { Store = world.City.StoreId }).ToJson() : payload;

    static byte[] AckOf(Envelope envelope, string store) => new Ack(store, envelope.Spool, [envelope.Numbers], [], RecordHash.DigestOf(envelope.Hashes()), []).ToJson();
}
