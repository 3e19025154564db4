using EdgeHub.Hosting.Secrets;

namespace EdgeHub.CloudBridge.Intake;

/// <summary>Who may talk to the embedded broker.</summary>
/// <param name="Gateway">A box: it may publish and hear only its own topics. Null: a platform user, who hears everything and commands.</param>
/// <param name="PasswordHash">As <see cref="Intake.PasswordHash"/> writes it; null when <paramref name="Password"/> is given.</param>
public sealed record BrokerUser(string Name, string? Gateway, string? PasswordHash, Secret? Password)
{
    public bool Accepts(string password) => PasswordHash is { } hash
        ? Intake.PasswordHash.Matches(hash, password)
        : Password is { } secret && Intake.PasswordHash.AreEqual(secret.Reveal(), password);
}
