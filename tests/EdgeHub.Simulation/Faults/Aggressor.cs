using System.Text;
using EdgeHub.Simulation.World;
using EdgeHub.Wire;

namespace EdgeHub.Simulation.Faults;

/// <summary>Somebody who speaks on the ack topic and should not; and the rules that are broken on purpose on the city's side.</summary>
sealed class Aggressor
{
    const string ForeignStore = "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0";

    readonly SimWorld world;
    readonly EnvelopeCodec codec = new();
    Envelope? seen;
    (SpoolId Spool, ulong Number)? swallowed;

    Aggressor(SimWorld world) => this.world = world;

    static string Topic => new Topics().Ack(SimBox.Id);

    public static void Attach(SimWorld world)
    {
        var aggressor = new Aggressor(world);
        world.Broker.Confirmed = aggressor.See;
        world.Broker.Swallows = world.Sabotage == Sabotage.MissingResend ? aggressor.Swallows : null;
        // Asked for again is what was let go too early: with that net below, none of these rules would show.
        world.Broker.LosesMissing = world.Sabotage is Sabotage.DeleteOnPubAck or Sabotage.StoreIdIgnored or Sabotage.AckBeforeCommit;
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
            world.Broker.PublishAck(Topic, ack);
    }

    void See(string topic, byte[] payload)
    {
        seen = codec.TryDecode(payload, out _);
        if (seen is null)
        {
            world.Oracle.Fail("the box sent an envelope that cannot be decoded");
            return;
        }

        if (world.Sabotage is Sabotage.DeleteOnPubAck or Sabotage.StoreIdIgnored)
            world.Broker.PublishAck(Topic, AckOf(seen));
    }

    /// <summary>What the bridge says at once when its rule is broken.</summary>
    public void Arrived(byte[] payload)
    {
        if (world.Sabotage == Sabotage.AckBeforeCommit && codec.TryDecode(payload, out _) is { } envelope)
            world.Broker.PublishAck(Topic, AckOf(envelope));
    }

    // The first envelope that is lost on the way is lost each time.
    bool Swallows(byte[] payload)
    {
        if (codec.TryDecode(payload, out _) is not { } envelope)
            return false;
        swallowed ??= (envelope.Spool, envelope.Numbers.Last);
        return envelope.Spool == swallowed.Value.Spool && envelope.Numbers.Contains(swallowed.Value.Number);
    }

    byte[] AckOf(Envelope envelope) => new Ack(world.City.StoreId, envelope.Spool, [envelope.Numbers], [], RecordHash.DigestOf(envelope.Hashes()), []).ToJson();
}
