using EdgeHub.Edge.Sensors.Gpio;

namespace EdgeHub.Edge.Finding;

/// <summary>A total that begins at 0 and is kept nowhere.</summary>
sealed class ForgottenTotal : TotalFile
{
    public override string Name => "memory";

    protected override byte[] ReadAll() => [];

    protected override Task WriteAsync(long offset, byte[] bytes) => Task.CompletedTask;
}
