namespace EdgeHub.Hosting;

#pragma warning disable CA1032 // Without a place and its format there is nothing to tell: no other constructor makes sense.
/// <summary>What lies on disk or in the database was written by a newer version. The daemon leaves it as it is and ends with <see cref="ExitCode.NewerFormat"/>.</summary>
public sealed class NewerFormatException(string place, int found, int known)
    : Exception($"{place} has format {found}, and this version knows formats up to {known}. Install the newer version again; nothing was changed.")
{
    public string Place => place;

    public int Found => found;

    public int Known => known;
}
